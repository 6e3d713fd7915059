package import DGAKit
import DomainIndex

/// Makes an index file out of models and feeds.
package enum IndexGeneration {
  /// Generates the names of a window and writes them as an index.
  ///
  /// - Parameters:
  ///   - builtAt: microseconds since 1970; becomes the number of the generation.
  ///   - names: where the sorted names go besides, nil for nowhere; the index keeps none.
  ///   - catalogue: the models; nil for those built in, with the seeds and word lists of `inputs`.
  /// - Returns: what was made and what was left out.
  /// - Throws: `IndexError` or `GenerationError`; then no file was written.
  package static func build(
    _ inputs: GenerationInputs, window: GenerationWindow, to path: String, builtAt: Int64,
    names: String? = nil, catalogue: ModelCatalogue? = nil
  ) throws -> GenerationReport {
    var builder = IndexBuilder()
    let list = names.map { NameListBuilder(path: $0) }
    var rows = RowNumbers()
    var row = 0
    var walk =
      catalogue.map { NameWalk(inputs, window: window, catalogue: $0) }
      ?? NameWalk(inputs, window: window)
    try walk.run { origin, from, to in
      row = try rows.number(origin, from, to, in: &builder)
    } take: { item in
      builder.add(item.name, row: row, ordinal: item.ordinal, isColliding: item.isColliding)
      if !item.isColliding { list?.add(item.name, row: row) }
    }
    var report = walk.report
    report.generation = UInt64(max(builtAt, 0))
    report.path = path
    // First the names: an index that is there has them.
    try list?.write(
      generation: report.generation, builtAt: builtAt / 1_000_000,
      window: (window.start.unixSeconds, window.end.unixSeconds), rows: builder.rows,
      generators: builder.generators)
    report.distinctNames = try builder.write(
      to: path, generation: report.generation, builtAt: builtAt / 1_000_000,
      window: (window.start.unixSeconds, window.end.unixSeconds), grace: inputs.graceSeconds)
    return report
  }

  /// Generates the names of a window and writes them as a sorted list, without an index.
  ///
  /// What exports of listed names read: each name once, in bounded memory.
  ///
  /// - Returns: what was made and what was left out.
  /// - Throws: `IndexError` or `GenerationError`; then no file was written.
  package static func writeNames(
    _ inputs: GenerationInputs, window: GenerationWindow, to path: String,
    catalogue: ModelCatalogue? = nil
  ) throws -> GenerationReport {
    // Holds the rows only.
    var builder = IndexBuilder()
    let list = NameListBuilder(path: path)
    var rows = RowNumbers()
    var row = 0
    var walk =
      catalogue.map { NameWalk(inputs, window: window, catalogue: $0) }
      ?? NameWalk(inputs, window: window)
    try walk.run { origin, from, to in
      row = try rows.number(origin, from, to, in: &builder)
    } take: { item in
      if !item.isColliding { list.add(item.name, row: row) }
    }
    var report = walk.report
    report.path = path
    report.distinctNames = try list.write(
      generation: 0, builtAt: 0, window: (window.start.unixSeconds, window.end.unixSeconds),
      rows: builder.rows, generators: builder.generators)
    return report
  }

  /// Row numbers by what they stand for: feeds come back to the same row again and again.
  private struct RowNumbers {
    private struct Key: Hashable {
      var origin: IndexGenerator
      var from: Int64
      var to: Int64
    }

    private var numbers: [Key: Int] = [:]

    mutating func number(
      _ origin: IndexGenerator, _ from: Int64, _ to: Int64, in builder: inout IndexBuilder
    ) throws -> Int {
      let key = Key(origin: origin, from: from, to: to)
      if let known = numbers[key] { return known }
      let number = try builder.addRow(generator: origin, validFrom: from, validTo: to)
      numbers[key] = number
      return number
    }
  }
}
