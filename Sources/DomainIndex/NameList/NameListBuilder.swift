public import DNSWire
import DataFiles
import Glibc

/// Collects the names of a generation in any order and writes them as a sorted list.
///
/// Memory is bounded: what exceeds `runNames` is sorted and put aside in files beside the list,
/// which are merged at the end.
public final class NameListBuilder {
  /// Names sorted in memory at once, some 50 octets each.
  public static let usualRun = 2_000_000

  private let path: String
  private let runNames: Int
  private var run = NameRun()
  private var spilled: [Spill] = []
  private var failure: IndexError?

  private struct Spill {
    var path: String
    var end: Int
  }

  /// Starts the list that will be `path`.
  public init(path: String, runNames: Int = usualRun) {
    self.path = path
    self.runNames = max(runNames, 1)
  }

  deinit { for spill in spilled { unsafe unlink(spill.path) } }

  /// Adds a name that belongs to a row; colliding names are not to be added.
  ///
  /// A failure to write is kept for `write`, as the walk through all names cannot be stopped by it.
  public func add(_ name: borrowing NameBuffer, row: Int) {
    guard name.labelCount > 0, name.labelCount <= IndexFormat.deepestName, failure == nil else {
      return
    }
    run.add(name, row: UInt32(truncatingIfNeeded: row))
    guard run.count >= runNames else { return }
    do throws(IndexError) { try spill() } catch { failure = error }
  }

  private func spill() throws(IndexError) {
    let part = "\(path).run\(spilled.count)"
    spilled.append(Spill(path: part, end: 0))
    var writer = try NameEntryWriter(path: part)
    try run.drain { (key, rows) throws(IndexError) in try writer.append(key, rows: rows) }
    spilled[spilled.count - 1].end = NameListFormat.entriesOffset + (try writer.endRun())
  }

  /// Writes the list: under another name first, then renamed.
  ///
  /// - Parameters:
  ///   - generation: number of the index generation the names are those of.
  ///   - builtAt: unix seconds.
  ///   - window: first and last-plus-one second covered, unix seconds.
  ///   - rows: the index's rows.
  ///   - generators: the index's generators.
  /// - Returns: how many names it holds.
  @discardableResult
  public func write(
    generation: UInt64, builtAt: Int64, window: (from: Int64, to: Int64), rows: [IndexRow],
    generators: [IndexGenerator]
  ) throws(IndexError) -> Int {
    if let failure { throw failure }
    var header = NameListHeader()
    header.generation = generation
    header.builtAt = builtAt
    header.windowFrom = window.from
    header.windowTo = window.to
    header.rowCount = UInt64(rows.count)
    header.generatorCount = UInt64(generators.count)
    let temporary = path + ".new"
    do throws(IndexError) {
      var writer = try NameEntryWriter(path: temporary)
      try writeEntries(&writer)
      let count = writer.count
      try writer.finish(
        header, rows: IndexBuilder.encode(rows), generators: GeneratorTable.encode(generators))
      guard unsafe rename(temporary, path) == 0 else {
        throw .system(operation: "rename", path: temporary, errno: errno)
      }
      return count
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }

  private func writeEntries(_ writer: inout NameEntryWriter) throws(IndexError) {
    guard !spilled.isEmpty else {
      return try run.drain { (key, rows) throws(IndexError) in
        try writer.append(key, rows: rows)
      }
    }
    if !run.isEmpty { try spill() }
    var merge = NameMerge()
    for spill in spilled where spill.end > NameListFormat.entriesOffset {
      merge.add(
        NameListCursor(
          try MappedFile(
            path: spill.path, atLeast: IndexFormat.pageOctets, throwing: IndexError.self),
          start: NameListFormat.entriesOffset, end: spill.end))
    }
    while let (key, rows) = merge.next() { try writer.append(key, rows: rows) }
  }
}

/// Merges sorted runs: each name once, with the rows of all.
private struct NameMerge {
  private var cursors: [NameListCursor] = []

  mutating func add(_ cursor: NameListCursor) {
    var cursor = cursor
    if cursor.next() { cursors.append(cursor) }
  }

  mutating func next() -> (key: [UInt8], rows: [UInt32])? {
    guard var least = cursors.first?.key else { return nil }
    // A handful of runs: a heap would cost more than it saves.
    for cursor in cursors.dropFirst() where cursor.key.lexicographicallyPrecedes(least) {
      least = cursor.key
    }
    var rows: [UInt32] = []
    var index = 0
    while index < cursors.count {
      guard cursors[index].key == least else {
        index += 1
        continue
      }
      rows = rows.isEmpty ? cursors[index].rows : Array(Set(rows + cursors[index].rows)).sorted()
      if cursors[index].next() { index += 1 } else { cursors.remove(at: index) }
    }
    return (least, rows)
  }
}
