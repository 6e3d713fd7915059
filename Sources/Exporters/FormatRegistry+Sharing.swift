/// Formats of monitoring and threat-sharing systems, and those of the domain side.
extension FormatRegistry {
  /// What log collectors, SIEMs and threat-sharing platforms read.
  static let monitoring: [any InfectionFormat.Type] = [
    EVEFormat.self, ECSFormat.self, OCSFFormat.self, OCSFDNSFormat.self, SyslogFormat.self,
    CEFFormat.self, LEEFFormat.self, CloudEventsFormat.self, STIXFormat.self, MISPFormat.self,
  ]
  /// What threat-sharing platforms read, as files.
  static let sharingFolders: [any InfectionFolderFormat.Type] = [MISPFeedFormat.self]
  /// Formats of listed names.
  package static let domains: [any DomainFormat.Type] = [
    DomainText.self, DomainCSV.self, DomainJSON.self, DomainHosts.self, DomainSTIX.self,
    DomainMISP.self, DomainSuricataRules.self, DomainSuricataDataset.self,
  ]
}
