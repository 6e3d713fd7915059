import DNSWire
package import DomainIndex
package import Evidence
package import HitLog
import ResponsePolicy
import Synchronization

/// Tells the hit writer which families a hit belongs to, from the index that gave the verdict.
///
/// The current generation is handed in; older ones, met in rings that a killed server left, are
/// opened from their files.
package final class IndexProvenance: ProvenanceSource {
  private let files: IndexFiles
  private let known: Mutex<[UInt64: DomainIndex]> = Mutex([:])
  private let policyZones: Mutex<[UInt64: String]> = Mutex([:])

  /// Looks for older generations among `files`.
  package init(_ files: IndexFiles) {
    self.files = files
  }

  /// Makes a generation known; the one before it stays known, all others are let go.
  func adopt(_ index: DomainIndex) {
    known.withLock { known in
      known[index.generation] = index
      let newest = known.keys.sorted().suffix(2)
      known = known.filter { newest.contains($0.key) }
    }
  }

  /// Makes response policy zones known by their names; their hits are told by bit 63.
  func adopt(policyZones names: [String]) {
    let pairs = names.compactMap { name in
      (try? Name(name)).map { (PolicyZone.hitGeneration(of: $0), name) }
    }
    // Zones no longer configured stay known: their hits may still be on the way.
    policyZones.withLock { $0.merge(pairs) { _, new in new } }
  }

  private func policyMatch(_ generation: UInt64, _ payload: UInt64) -> [ProvenanceMatch] {
    guard let zone = policyZones.withLock({ $0[generation] }) else { return [] }
    let trigger = PolicyTrigger(rawValue: UInt8(truncatingIfNeeded: payload))?.word ?? ""
    let provenance = Provenance(
      family: "rpz:\(zone)", variant: trigger, seed: "", kind: .feed, validFrom: nil, validTo: nil)
    return [ProvenanceMatch(provenance: provenance, ordinal: nil)]
  }

  package func matches(generation: UInt64, payload: UInt64) -> [ProvenanceMatch] {
    if generation & PolicyZone.isPolicyGeneration != 0 { return policyMatch(generation, payload) }
    guard let index = index(of: generation) else { return [] }
    return Self.matches(payload, in: index)
  }

  package func place(generation: UInt64, payload: UInt64) -> ListPlace? {
    guard generation & PolicyZone.isPolicyGeneration == 0,
      let origin = index(of: generation)?.onlyOrigin(of: payload)
    else { return nil }
    return ListPlace(
      list: UInt64(truncatingIfNeeded: origin.row),
      ordinal: UInt32(truncatingIfNeeded: origin.ordinal))
  }

  private func index(of generation: UInt64) -> DomainIndex? {
    if let index = known.withLock({ $0[generation] }) { return index }
    guard let index = try? DomainIndex(path: files.path(of: generation)) else { return nil }
    known.withLock { $0[generation] = index }
    return index
  }

  /// What a payload of `index` stands for.
  package static func matches(_ payload: UInt64, in index: DomainIndex) -> [ProvenanceMatch] {
    index.origins(of: payload).map { origin in
      let row = index.row(origin.row)
      let generator = index.generators[row.generator]
      let provenance = Provenance(
        family: generator.family, variant: generator.variant, seed: generator.seed,
        kind: generator.kind == .feed ? .feed : .model,
        validFrom: row.validFrom == .min ? nil : row.validFrom,
        validTo: row.validTo == .max ? nil : row.validTo)
      return ProvenanceMatch(
        provenance: provenance, ordinal: UInt32(truncatingIfNeeded: origin.ordinal))
    }
  }
}
