import DGAKit
import Evidence
import Exporters
import Generation
import Settings

/// A document of names in the making.
protocol NameDocument {
  /// Which names it wants.
  var order: DomainOrder { get }
  /// What comes before the first name.
  var head: String { get }
  /// What comes between two names.
  var separator: String { get }
  /// What comes after the last.
  var tail: String { get }
  /// One name.
  mutating func body(_ record: DomainRecord) -> FormattedRecord
}

/// A document in a format of the registry.
struct RegisteredDocument: NameDocument {
  private var format: any DomainFormat

  init(_ format: any DomainFormat) { self.format = format }

  var order: DomainOrder { type(of: format).order }
  var head: String { format.head }
  var separator: String { format.separator }
  var tail: String { format.tail }

  mutating func body(_ record: DomainRecord) -> FormattedRecord { format.body(record) }
}

/// A response policy zone with the sinkhole's addresses, for names and what is below them.
///
/// What `rpz_out` serves is `ServedPolicyZone`.
struct PolicyZoneDocument: NameDocument {
  let sinkhole: Settings.Sinkhole
  let window: GenerationWindow

  var order: DomainOrder { .names }
  var separator: String { "" }
  var tail: String { "" }

  var head: String {
    let serial = UInt32(truncatingIfNeeded: window.end.unixSeconds)
    return """
      $TTL \(sinkhole.ttl)
      @ SOA localhost. hostmaster.localhost. \(serial) 3600 600 86400 60
      @ NS localhost.

      """
  }

  func body(_ record: DomainRecord) -> FormattedRecord {
    let lines = [record.name, "*.\(record.name)"].flatMap { owner in
      sinkhole.ipv4.map { "\(owner) A \($0)\n" } + sinkhole.ipv6.map { "\(owner) AAAA \($0)\n" }
    }
    return .text(lines.joined())
  }
}
