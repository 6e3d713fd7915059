import DGAKit
import DNSWire
import DomainIndex
import Evidence
import Foundation

/// Where a name comes from, as `index lookup` prints it.
struct NameOrigin: Encodable {
  let name: String
  let matched: String
  let family: String
  let variant: String
  let seed: String
  let kind: String
  let validFrom: String?
  let validTo: String?
  /// Which clock the malware reads.
  let clock: String
  /// The interval as that clock shows it: validity without grace and time zones.
  let clockFrom: String?
  let clockTo: String?
  let ordinal: UInt32?
  let colliding: Bool

  enum CodingKeys: String, CodingKey {
    case name, matched, family, variant, seed, kind, clock, ordinal, colliding
    case clockFrom = "clock_from"
    case clockTo = "clock_to"
    case validFrom = "valid_from"
    case validTo = "valid_to"
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  var text: String {
    let model = variant.isEmpty ? family : "\(family)/\(variant)"
    let place = ordinal.map { " ordinal \($0)" } ?? ""
    let note = colliding ? " colliding: resolved normally" : ""
    let local =
      clock == "local" ? " local time \(clockFrom ?? "always") to \(clockTo ?? "always")" : ""
    return "\(matched) \(model) seed \(seed) valid \(validFrom ?? "always") to "
      + "\(validTo ?? "always")\(local)\(place)\(note)"
  }
}

/// Looks names up in an index.
enum NameOrigins {
  /// The origins of the longest listed suffix of `name`, those valid on the day of `instant` only
  /// if one is given.
  static func find(_ name: Name, in index: DomainIndex, at instant: Instant?) -> [NameOrigin] {
    var buffer = NameBuffer()
    guard (try? buffer.load(from: name.wire.span, at: 0, allowCompression: false)) != nil,
      let (payload, offset) = index.match(buffer),
      let matched = try? Name(wire: Array(name.wire[offset...]))
    else { return [] }
    let day = instant.map { Period.day(containing: $0) }
    return index.origins(of: payload).compactMap { origin in
      let row = index.row(origin.row)
      if let day, !row.overlaps(day) { return nil }
      return NameOrigin(
        text(name), matched: text(matched), row, origin, in: index,
        colliding: index.isColliding(payload))
    }
  }

  private static func text(_ name: Name) -> String {
    let text = name.description.lowercased()
    return text == "." ? text : String(text.dropLast())
  }
}

extension NameOrigin {
  fileprivate init(
    _ name: String, matched: String, _ row: IndexRow, _ origin: IndexOrigin, in index: DomainIndex,
    colliding: Bool
  ) {
    let generator = index.generators[row.generator]
    let own = index.ownInterval(of: row)
    self.name = name
    self.matched = matched
    family = generator.family
    variant = generator.variant
    seed = generator.seed
    kind = generator.kind == .feed ? "feed" : "model"
    validFrom = Self.time(row.validFrom)
    validTo = Self.time(row.validTo)
    clock = generator.clock.name
    clockFrom = Self.time(own.from)
    clockTo = Self.time(own.to)
    ordinal = UInt32(truncatingIfNeeded: origin.ordinal)
    self.colliding = colliding
  }

  /// RFC 3339; nil for an end that is open.
  private static func time(_ seconds: Int64) -> String? {
    seconds == .min || seconds == .max ? nil : UTCTime.rfc3339(seconds: seconds)
  }
}

extension IndexRow {
  fileprivate func overlaps(_ day: Period) -> Bool {
    validFrom < day.end.unixSeconds && validTo > day.start.unixSeconds
  }
}
