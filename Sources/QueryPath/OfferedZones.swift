import DNSWire
import Transfers
import ZoneRecords
import Zones

/// Zones that are offered for transfer but are no local zones: policy zones made of the index.
struct OfferedZones: Sendable {
  /// A zone that a name is in.
  struct Match {
    var zone: TransferZone
    /// Whether the name is the zone's own.
    var isApex: Bool
  }

  /// Canonical names, so that a query that is for none of them costs a comparison each.
  private let apexes: [[UInt8]]
  private let labelCounts: [Int]
  private let zones: [TransferZone]

  init(_ transfers: TransferZones, besides local: ZoneSet) {
    let known = Set(local.summaries.map(\.name))
    zones = transfers.all.filter { !known.contains($0.source.apex) }
    apexes = zones.map(\.source.apex.canonical)
    labelCounts = zones.map(\.source.apex.labelCount)
  }

  var isEmpty: Bool { zones.isEmpty }

  /// The zone a name is in, nil if it is in none.
  func find(_ name: borrowing NameBuffer) -> Match? {
    let octets = name.canonicalBytes
    for index in apexes.indices where labelCounts[index] <= name.labelCount {
      let start = name.labelOffset(name.labelCount - labelCounts[index])
      guard octets.count - start == apexes[index].count else { continue }
      var position = 0
      while position < apexes[index].count, octets[start + position] == apexes[index][position] {
        position += 1
      }
      if position == apexes[index].count { return Match(zone: zones[index], isApex: start == 0) }
    }
    return nil
  }
}
