/// All formats, by name: what the command line, settings and delivery choose from.
///
/// To add one: a file in `Formats`, and its type in a list here.
package enum FormatRegistry {
  /// Formats of infections that are one text.
  package static let infections: [any InfectionFormat.Type] = ownForms + abuseDesk + monitoring
  /// Formats of infections that are several files.
  package static let folders: [any InfectionFolderFormat.Type] = abuseDeskFolders + sharingFolders

  /// Ponor's own forms.
  private static let ownForms: [any InfectionFormat.Type] = [
    CanonicalFormat.self, PlainCSV.self,
  ]
  /// What abuse desks and CERTs read.
  private static let abuseDesk: [any InfectionFormat.Type] = [
    Event4Sinkhole.self, Event6Sinkhole.self, Event4SinkholeDNS.self, IntelMQ.self,
    IntelMQCSV.self, XARF4.self, XARF3.self, N6.self, IODEFXML.self, IODEFJSON.self,
  ]
  /// What abuse desks and CERTs read, as files.
  private static let abuseDeskFolders: [any InfectionFolderFormat.Type] = [
    AbuseIO.self
  ]

  /// The format of infections with a name; nil if there is none.
  package static func infection(_ name: String) -> (any InfectionFormat.Type)? {
    infections.first { $0.name == name }
  }

  /// The folder format with a name; nil if there is none.
  package static func folder(_ name: String) -> (any InfectionFolderFormat.Type)? {
    folders.first { $0.name == name }
  }

  /// The format of listed names with a name; nil if there is none.
  package static func domain(_ name: String) -> (any DomainFormat.Type)? {
    domains.first { $0.name == name }
  }
}
