import DNSWire
import DomainIndex
import Evidence
import Exporters
import Foundation
import Generation
import PonorApp
import Settings

/// The names of a window, in the order a document wants, in bounded memory.
struct NameSource {
  let settings: Settings
  let window: GenerationWindow

  /// Writes the document and says what became of the names.
  func write(_ document: inout any NameDocument, to sink: NameSink) throws -> ExportCounts {
    var writer = NameWriter(document: document, sink: sink)
    do {
      switch document.order {
      case .generated: try walk(&writer)
      case .origins, .names: try goThroughSorted(document.order, &writer)
      }
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure.failed("\(error)")
    }
    try writer.end()
    return writer.counts
  }

  /// Every origin as it is generated.
  private func walk(_ writer: inout NameWriter) throws {
    var row: (generator: IndexGenerator, from: Int64, to: Int64)?
    var walk = NameWalk(settings.generationInputs, window: window)
    try walk.run { generator, from, to in
      row = (generator, from, to)
    } take: { item in
      guard let row, !item.isColliding else { return }
      var record = Self.record(Name(item.name).wire, row.generator, row.from, row.to)
      record.ordinal = UInt32(clamping: item.ordinal)
      writer.add(record)
    }
    for problem in walk.report.problems { StandardError.write(problem) }
  }

  /// The names from a list that is sorted on disk.
  private func goThroughSorted(_ order: DomainOrder, _ writer: inout NameWriter) throws {
    let path = NSTemporaryDirectory() + "/ponor-names-\(UUID().uuidString)"
    defer { unlink(path) }
    let report = try IndexGeneration.writeNames(
      settings.generationInputs, window: window, to: path)
    for problem in report.problems { StandardError.write(problem) }
    let list = try NameList(path: path)
    var cursor = list.makeCursor()
    var wire: [UInt8] = []
    while cursor.next() {
      wire.removeAll(keepingCapacity: true)
      guard NameKey.appendLabels(of: cursor.key, to: &wire) else { continue }
      let records = cursor.rows.map { number in
        let row = list.row(Int(number))
        return Self.record(wire + [0], list.generators[row.generator], row.validFrom, row.validTo)
      }
      if order == .names {
        records.first.map { writer.add(Self.widest($0, records)) }
      } else {
        records.forEach { writer.add($0) }
      }
    }
    guard !cursor.isDamaged else { throw CommandFailure.failed("the list of names is damaged") }
  }

  /// One record for all origins of a name: valid as long as any of them.
  private static func widest(_ first: DomainRecord, _ all: [DomainRecord]) -> DomainRecord {
    var record = first
    record.validFrom =
      all.contains { $0.validFrom == nil } ? nil : all.compactMap(\.validFrom).min()
    record.validTo = all.contains { $0.validTo == nil } ? nil : all.compactMap(\.validTo).max()
    return record
  }

  private static func record(
    _ wire: [UInt8], _ generator: IndexGenerator, _ from: Int64, _ to: Int64
  ) -> DomainRecord {
    DomainRecord(
      name: NameText.presentation(wire, lowercased: true), family: generator.family,
      variant: generator.variant, seed: generator.seed,
      kind: generator.kind == .feed ? "feed" : "model", validFrom: from == .min ? nil : from,
      validTo: to == .max ? nil : to)
  }
}

/// Puts a document together while the names come.
struct NameWriter {
  private(set) var counts = ExportCounts()
  private var document: any NameDocument
  private let sink: NameSink

  init(document: any NameDocument, sink: NameSink) {
    self.document = document
    self.sink = sink
  }

  mutating func add(_ record: DomainRecord) {
    switch document.body(record) {
    case .skipped(let reason): counts.skip(reason)
    case .text(let text):
      sink.append(counts.written == 0 ? document.head : document.separator)
      sink.append(text)
      counts.addName()
    }
  }

  mutating func end() throws {
    if counts.written > 0 { sink.append(document.tail) }
    try sink.flush()
  }
}

/// Where a document goes: a file or standard output, in pieces.
///
/// A failure to write is kept for `flush`, as the walk through all names cannot be stopped by it.
final class NameSink {
  private static let piece = 1 << 16
  private let file: OutputFile?
  private var output = StandardOutput()
  private var pending: [UInt8] = []
  private var failure: (any Error)?

  init(path: String?) throws { file = try path.map { try OutputFile(path: $0) } }

  func append(_ text: String) {
    guard let file else { return output.append(text) }
    pending += text.utf8
    guard pending.count >= Self.piece, failure == nil else { return }
    do { try file.write(pending) } catch { failure = error }
    pending.removeAll(keepingCapacity: true)
  }

  func flush() throws {
    if let failure { throw failure }
    guard let file else { return output.flush() }
    try file.write(pending)
    pending = []
  }

  func finish() throws { try file?.finish() }
}
