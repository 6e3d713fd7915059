package import Addressing

extension Settings {
  /// What a sinkholed name answers.
  package struct Sinkhole: Equatable, Sendable {
    /// Addresses in A answers.
    package var ipv4 = [IPAddress(ipv4: 0xC000_0235)]
    /// Addresses in AAAA answers.
    package var ipv6 = [IPAddress(high: 0x2001_0DB8_0000_0000, low: 0x53)]
    /// TTL of sinkhole answers, seconds.
    package var ttl: UInt32 = 60
    /// Name servers in NS and SOA answers; empty means `ns.` below the listed name.
    package var nameservers: [String] = []
    /// Mail address of the operator; nil means `hostmaster` at the listed name.
    package var contact: String?
    /// Text of the Extended DNS Error.
    package var edeText = "malware domain, sinkholed by your network operator"
    /// Names that the operator has had delegated to the sinkhole.
    package var delegated: [String] = []
    /// Files of such names.
    package var delegatedFiles: [String] = []
  }
}

extension Settings.Sinkhole {
  static let section = Section(
    key: "sinkhole", summary: "What a sinkholed name answers.",
    options: [
      Option(
        "sinkhole.ipv4", \.sinkhole.ipv4, .list(of: .ipv4, count: 0...16), .reload,
        "Addresses in A answers, one or more of your sinkhole's; [] answers no data.",
        details: "The default is a documentation address (RFC 5737) that leads nowhere."),
      Option(
        "sinkhole.ipv6", \.sinkhole.ipv6, .list(of: .ipv6, count: 0...16), .reload,
        "Addresses in AAAA answers; [] answers no data.",
        details: "The default is a documentation address (RFC 3849) that leads nowhere."),
      Option(
        "sinkhole.ttl", \.sinkhole.ttl, .ttl(0...86_400), .reload,
        "TTL of sinkhole answers; short, so that a delisted name works again soon."),
      Option(
        "sinkhole.nameservers", \.sinkhole.nameservers, .list(of: .domainName, count: 0...8),
        .reload, "Name servers in NS and SOA answers; [] means `ns.` below the listed name."),
      Option(
        "sinkhole.contact", \.sinkhole.contact, .optional(.mailAddress, word: "none"), .reload,
        "Mail address of your abuse desk, for the SOA record and the extended error.",
        details: "none means hostmaster at the listed name, and no contact in the error text."),
      Option(
        "sinkhole.ede_text", \.sinkhole.edeText, .string(upTo: 200), .reload,
        "Text of the Extended DNS Error (RFC 8914) that says why; \"\" leaves it out."),
      Option(
        "sinkhole.delegated", \.sinkhole.delegated, .list(of: .domainName), .reload,
        "Domains delegated to this server, sinkholed whether a model lists them or not.",
        details: "Recorded as family delegated. How to answer strangers: docs/views.md."),
      Option(
        "sinkhole.delegated_files", \.sinkhole.delegatedFiles, .list(of: .path), .reload,
        "Files of such domains, one per line, with the family after a blank if it is known."),
    ])
}
