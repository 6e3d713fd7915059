import DNSWire
import Dnstap
import Evidence
import HitLog
import ResponsePolicy

/// What dnstap's `Policy` says of a hit; asked by the thread that sends.
enum DnstapRules {
  /// Lists of one name that are told; a name of more lists is rare and its lists are alike.
  private static let mostLists = 4

  /// The type and the rule; nil when the generation is not known any more.
  static func rule(
    _ hit: TapRecord.Policy, _ name: [UInt8], _ provenance: IndexProvenance
  ) -> DnstapEncoder.Rule? {
    let matches = provenance.matches(generation: hit.generation, payload: hit.payload)
    guard let first = matches.first else { return nil }
    if hit.generation & PolicyZone.isPolicyGeneration != 0 {
      return DnstapEncoder.Rule(type: "RPZ", rule: owner(hit, name, first.provenance.family))
    }
    let texts = matches.prefix(mostLists).map(text)
    return DnstapEncoder.Rule(
      type: first.provenance.kind == .feed ? "feed" : "DGA",
      rule: Array(texts.joined(separator: "; ").utf8))
  }

  /// `family/variant seed ordinal`, without what there is not.
  private static func text(_ match: ProvenanceMatch) -> String {
    let from = match.provenance
    var text = from.variant.isEmpty ? from.family : "\(from.family)/\(from.variant)"
    if !from.seed.isEmpty { text += " \(from.seed)" }
    if let ordinal = match.ordinal { text += " \(ordinal)" }
    return text
  }

  /// The rule's owner name in wire form, as dnstap's schema wants it.
  ///
  /// It is the name that matched below the zone's apex. Rules about addresses and servers are told by where they stand in the zone.
  private static func owner(_ hit: TapRecord.Policy, _ name: [UInt8], _ family: String) -> [UInt8] {
    guard let zone = try? Name(String(family.dropFirst("rpz:".count))) else { return [] }
    let apex = zone.wire
    let label: String
    switch hit.match {
    case 2: label = "rpz-client-ip"
    case 3: label = "rpz-ip"
    case 4: label = "rpz-nsdname"
    case 5: label = "rpz-nsip"
    default:
      // A rule for less than the whole name is a wildcard; the root label is the zone's.
      let place = min(Int(hit.offset), max(name.count - 1, 0))
      let wildcard: [UInt8] = place > 0 ? [1, UInt8(ascii: "*")] : []
      return wildcard + name[place..<max(name.count - 1, place)] + apex
    }
    return [UInt8(label.utf8.count)] + Array(label.utf8) + apex
  }
}
