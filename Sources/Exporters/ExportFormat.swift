package import Evidence

/// Who reports, and how much is told; the same for every format.
package struct ExportOptions: Equatable, Sendable {
  /// Organisation that reports.
  package var organisation = "ponor"
  /// Internet domain of that organisation.
  package var domain = "example.net"
  /// Mail address of its abuse desk.
  package var contact = "abuse@example.net"
  /// Name of the network or member in file names: letters, digits, `_`.
  package var fileTag = "ponor"
  /// Whether formats with fixed columns may append the queried name.
  package var withQuery = false
  /// Whether formats with a place for internal data may tell the subscriber: never outside the
  /// operator's own systems.
  package var includesSubscriber = false
  /// Instant of the export, microseconds since 1970: the caller's clock.
  package var now: Int64 = 0
  /// What receivers call a family, by our id: Shadowserver `infection`, Malpedia, MITRE.
  package var aliases: [String: FamilyAlias] = [:]

  /// The defaults.
  package init() {}
}

/// What others call a family.
package struct FamilyAlias: Codable, Equatable, Sendable {
  /// Shadowserver's `infection`.
  package var shadowserver: String?
  /// Malpedia's id, `win.conficker`.
  package var malpedia: String?
  /// MITRE ATT&CK software id, `S0608`.
  package var mitre: String?

  /// Makes an alias.
  package init(shadowserver: String? = nil, malpedia: String? = nil, mitre: String? = nil) {
    self.shadowserver = shadowserver
    self.malpedia = malpedia
    self.mitre = mitre
  }
}

/// What a format makes of one record.
package enum FormattedRecord: Equatable, Sendable {
  /// Text to append.
  case text(String)
  /// The format cannot express the record, for the reason given in a few words (`IPv6 client`);
  /// the same words for the same reason, so that they can be counted.
  case skipped(String)
}

/// A format of infections: a value that turns records into text, one after the other.
///
/// A document is `head`, then `body` of each record (after the first one with `separator` in
/// front), then `tail`. A format for single messages (one webhook, one syslog line) uses `body`
/// alone, so `body` must be complete by itself unless `isDocumentOnly`.
package protocol InfectionFormat: Sendable {
  /// Name on the command line and in settings, for example `intelmq`.
  static var name: String { get }
  /// What the format follows: specification and version.
  static var follows: String { get }
  /// Media type of a document.
  static var mediaType: String { get }
  /// Extension of a file, without the dot.
  static var fileExtension: String { get }
  /// Whether `body` has no meaning without `head` and `tail`.
  static var isDocumentOnly: Bool { get }

  /// Prepares the format.
  init(options: ExportOptions)
  /// What comes before the first record.
  var head: String { get }
  /// What stands between two records.
  var separator: String { get }
  /// What comes after the last record.
  var tail: String { get }
  /// One record; mutating, so that a document can leave out what it has said already.
  mutating func body(_ record: InfectionRecord) -> FormattedRecord
}

extension InfectionFormat {
  /// Most formats are lines: nothing before.
  package var head: String { "" }
  /// Nothing in between: a line ends itself.
  package var separator: String { "" }
  /// Nothing after.
  package var tail: String { "" }
  /// Most bodies stand alone.
  package static var isDocumentOnly: Bool { false }
}

/// A format that is several files, such as a feed directory or a mail with an archive in it.
package protocol InfectionFolderFormat: Sendable {
  /// Name on the command line and in settings.
  static var name: String { get }
  /// What the format follows: specification and version.
  static var follows: String { get }
  /// Prepares the format.
  init(options: ExportOptions)
  /// The files for some records, and how many were skipped for which reason.
  func files(_ records: [InfectionRecord]) -> (files: [ExportedFile], skipped: [String: Int])
}

/// A file of a folder format.
package struct ExportedFile: Equatable, Sendable {
  /// Path within the folder.
  package let path: String
  /// Contents.
  package let octets: [UInt8]

  /// Makes a file.
  package init(path: String, octets: [UInt8]) {
    self.path = path
    self.octets = octets
  }
}

/// Which names a format of the domain side is given, and in which order.
package enum DomainOrder: Sendable {
  /// Every origin of every name with its ordinal, in the order of generation.
  case generated
  /// Every origin of every name, sorted by name; no ordinals.
  case origins
  /// Every name once, sorted, with the widest validity of its origins; no ordinals.
  case names
}

/// A format of listed names (indicators, block lists); used like `InfectionFormat`.
package protocol DomainFormat: Sendable {
  /// Name on the command line and in settings.
  static var name: String { get }
  /// What the format follows: specification and version.
  static var follows: String { get }
  /// Media type of a document.
  static var mediaType: String { get }
  /// Extension of a file, without the dot.
  static var fileExtension: String { get }

  /// Which names it wants, and in which order.
  static var order: DomainOrder { get }

  /// Prepares the format.
  init(options: ExportOptions)
  /// What comes before the first name.
  var head: String { get }
  /// What stands between two names.
  var separator: String { get }
  /// What comes after the last name.
  var tail: String { get }
  /// One name.
  mutating func body(_ record: DomainRecord) -> FormattedRecord
}

extension DomainFormat {
  /// Lists want each name once.
  package static var order: DomainOrder { .names }
  /// Nothing before.
  package var head: String { "" }
  /// Nothing in between.
  package var separator: String { "" }
  /// Nothing after.
  package var tail: String { "" }
}
