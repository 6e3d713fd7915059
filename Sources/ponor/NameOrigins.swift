import DGAKit
import DNSWire
import DomainIndex
import Evidence
import Foundation
import PonorApp

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
  let ordinal: UInt32?
  let colliding: Bool

  enum CodingKeys: String, CodingKey {
    case name, matched, family, variant, seed, kind, ordinal, colliding
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
    return "\(matched) \(model) seed \(seed) valid \(validFrom ?? "always") to "
      + "\(validTo ?? "always")\(place)\(note)"
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
    return IndexProvenance.matches(payload, in: index).compactMap { match in
      let provenance = match.provenance
      if let day {
        let validity = Period(
          start: provenance.validFrom.map { Instant(unixSeconds: $0) } ?? .distantPast,
          end: provenance.validTo.map { Instant(unixSeconds: $0) } ?? .distantFuture)
        guard validity.overlaps(day) else { return nil }
      }
      return NameOrigin(
        name: text(name), matched: text(matched), family: provenance.family,
        variant: provenance.variant, seed: provenance.seed, kind: provenance.kind.name,
        validFrom: provenance.validFrom.map { UTCTime.rfc3339(seconds: $0) },
        validTo: provenance.validTo.map { UTCTime.rfc3339(seconds: $0) },
        ordinal: match.ordinal, colliding: index.isColliding(payload))
    }
  }

  private static func text(_ name: Name) -> String {
    let text = name.description.lowercased()
    return text == "." ? text : String(text.dropLast())
  }
}
