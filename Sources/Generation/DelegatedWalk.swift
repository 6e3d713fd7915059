import CheckedYAML
import DGAKit
import DNSWire
import DomainIndex
import ListSources

extension NameWalk {
  /// Variant of delegated names, whatever their family: it says how they got into the index, and
  /// that they are sinkholed unless `policy.actions` says otherwise of that variant.
  package static let delegatedVariant = "delegated"

  /// Walks the domains delegated to the sinkhole, valid always.
  mutating func walkDelegated(_ begin: BeginRow, _ take: TakeName) throws {
    var names: [(family: String, name: [UInt8])] = inputs.delegated.map {
      (DelegatedFile.family, Array($0.utf8))
    }
    for path in inputs.delegatedFiles {
      do throws(SourceProblem) {
        let file = try DelegatedFile.read(path) { name, family in
          names.append((family, name.indices.map { name[$0] }))
        }
        report.problems += file.problems.map(\.description)
      } catch {
        report.problems.append(error.description)
      }
    }
    // One row per family; the order within a family is that of the lists.
    let byFamily = Dictionary(grouping: names, by: \.family)
    for family in byFamily.keys.sorted() {
      let origin = IndexGenerator(
        family: family, variant: Self.delegatedVariant, seed: "", kind: .feed)
      try begin(origin, .min, .max)
      for (ordinal, entry) in (byFamily[family] ?? []).enumerated() {
        add(entry.name.span, ordinal: ordinal, origin, take)
      }
      settle(family)
      try checkSize()
    }
  }
}
