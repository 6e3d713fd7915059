import ArgumentParser
import CheckedYAML
import DGAKit
import Foundation
import Generation

extension Models {
  struct Coverage: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare all models with a folder of reference lists.",
      discussion: """
        The folder has an index.tsv with a row per list; lists that are not there themselves are \
        compared by the count, SHA-256, first and last name of their row. Exit status 0 if every \
        list is reproduced exactly.
        """)

    @OptionGroup var sources: Sources
    @Argument(help: "The folder with index.tsv.") var folder: String
    @Option(help: "Only FAMILY or FAMILY/VARIANT.") var family: String?
    @Flag(help: "One JSON object per variant.") var json = false

    func run() throws {
      let catalogue = try sources.load()
      let lists = try wanted()
      let rows = catalogue.coverage(of: lists)
      if !json { print(CoverageRow.header) }
      for row in rows.map(CoverageRow.init) { print(try json ? row.json : row.text) }
      let matched = rows.reduce(0) { $0 + $1.matched }
      let whole = rows.count { $0.matched == $0.lists }
      let total =
        "\(matched) of \(lists.count) lists match, \(whole) of \(rows.count) variants in full"
      if !json { print(total) }
      guard matched == lists.count else { throw CommandFailure.failed(total) }
    }

    private func wanted() throws -> [ReferenceList] {
      do {
        let (lists, problems) = try ReferenceList.all(in: folder)
        for problem in problems { StandardError.write(problem.description) }
        let selector = family.map { GeneratorSelector($0) }
        let wanted = lists.filter { list in
          guard let selector else { return true }
          return list.generator.family == selector.family.lowercased()
            && list.generator.variant == selector.variant ?? list.generator.variant
        }
        guard !wanted.isEmpty else {
          throw CommandFailure.failed(
            "\(folder)/index.tsv has no lists of \(family ?? "any family")")
        }
        return wanted
      } catch let problem as SourceProblem {
        throw CommandFailure.failed(problem.description)
      }
    }
  }
}

/// One variant as `models coverage` prints it.
private struct CoverageRow: Encodable {
  struct Difference: Encodable {
    let list: String
    let ordinal: Int?
    let expected: String
    let got: String
  }

  let family: String
  let variant: String
  let lists: Int
  let matched: Int
  let byChecksum: Int
  let firstDifference: Difference?

  enum CodingKeys: String, CodingKey {
    case family, variant, lists, matched
    case byChecksum = "by_checksum"
    case firstDifference = "first_difference"
  }

  init(_ row: VariantCoverage) {
    family = row.family
    variant = row.variant
    lists = row.lists
    matched = row.matched
    byChecksum = row.byChecksum
    firstDifference = row.firstDifference.map {
      Difference(
        list: $0.list, ordinal: $0.difference.ordinal, expected: $0.difference.expected,
        got: $0.difference.got)
    }
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  static let header = columns("VARIANT", "LISTS", "FIRST DIFFERENCE")

  var text: String {
    let name = variant.isEmpty ? family : "\(family)/\(variant)"
    let difference = firstDifference.map {
      $0.list + ($0.ordinal.map { " ordinal \($0)" } ?? "")
        + ": expected \($0.expected), got \($0.got)"
    }
    return Self.columns(name, "\(matched)/\(lists)", difference ?? "")
  }

  private static func columns(_ name: String, _ lists: String, _ difference: String) -> String {
    let padded = name.padding(toLength: max(28, name.count), withPad: " ", startingAt: 0)
    guard !difference.isEmpty else { return "\(padded) \(lists)" }
    return "\(padded) \(lists.padding(toLength: 7, withPad: " ", startingAt: 0)) \(difference)"
  }
}
