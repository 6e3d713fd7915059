package import DGAKit

/// How much of a set of reference lists the models reproduce, for one variant.
package struct VariantCoverage: Sendable, Equatable {
  /// The family.
  package var family: String
  /// The variant, empty for a family's only or default one.
  package var variant: String
  /// Lists there are.
  package var lists = 0
  /// Of those, lists that are reproduced exactly.
  package var matched = 0
  /// Lists that were not on disk: compared by count, SHA-256, first and last name.
  package var byChecksum = 0
  /// The first list that differs: its seed and date, and where it does.
  package var firstDifference: (list: String, difference: ListDifference)?

  /// Nothing compared yet.
  package init(family: String, variant: String) {
    self.family = family
    self.variant = variant
  }

  package static func == (left: VariantCoverage, right: VariantCoverage) -> Bool {
    (left.family, left.variant, left.lists, left.matched, left.byChecksum)
      == (right.family, right.variant, right.lists, right.matched, right.byChecksum)
      && left.firstDifference?.list == right.firstDifference?.list
      && left.firstDifference?.difference == right.firstDifference?.difference
  }
}

extension ModelCatalogue {
  /// Compares all lists; one row per variant, in order of first appearance.
  ///
  /// A family, variant or seed that is not known counts as a list that is not matched.
  package func coverage(of lists: [ReferenceList]) -> [VariantCoverage] {
    var rows: [VariantCoverage] = []
    var numbers: [GeneratorID: Int] = [:]
    for list in lists {
      let id = list.generator
      let key = GeneratorID(family: id.family, variant: id.variant, seed: "")
      let number = numbers[key] ?? rows.count
      if number == rows.count {
        rows.append(VariantCoverage(family: id.family, variant: id.variant))
        numbers[key] = number
      }
      compare(list, into: &rows[number])
    }
    return rows
  }

  private func compare(_ list: ReferenceList, into row: inout VariantCoverage) {
    row.lists += 1
    if list.file == nil { row.byChecksum += 1 }
    let difference: ListDifference?
    do throws(CatalogueError) {
      difference = list.difference(from: try generator(list.generator))
    } catch {
      difference = ListDifference(expected: list.first, got: "nothing: \(error)")
    }
    if let difference {
      row.firstDifference = row.firstDifference ?? (list.label, difference)
    } else {
      row.matched += 1
    }
  }
}
