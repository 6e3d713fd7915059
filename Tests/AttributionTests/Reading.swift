import Addressing
import Attribution
import AttributionSources
import Evidence
import Foundation

/// A second, microseconds.
let second: Int64 = 1_000_000
/// An instant tests count from: 2026-11-23T12:00:00Z.
let noon: Int64 = 1795435200 * second

/// Texts read by a reader, made into an index that can be asked.
struct Reading {
  let output: ReaderOutput
  let index: SubscriberIndex

  /// Reads `files` in order as one source.
  init(
    _ format: SourceFormat, _ files: [String], _ options: ReaderOptions = ReaderOptions(),
    chunk: Int = .max
  ) throws {
    try self.init([(format, files, options)], chunk: chunk)
  }

  /// Reads several sources.
  init(
    _ sources: [(format: SourceFormat, files: [String], options: ReaderOptions)],
    chunk: Int = .max
  ) throws {
    var set = IntervalSet()
    var summaries: [SourceSummary] = []
    var last: ReaderOutput?
    for (number, source) in sources.enumerated() {
      var output = ReaderOutput(
        set,
        SourceSummary(join: source.format.join, format: source.format.rawValue, path: "\(number)"),
        source: UInt8(number))
      if var reader = source.format.reader(source.options) {
        Self.feed(source.files, &reader, &output, chunk)
      }
      set = output.set
      summaries.append(output.summary)
      last = output
    }
    output =
      last
      ?? ReaderOutput(
        set, SourceSummary(join: "", format: "", path: ""), source: 0)
    let path = NSTemporaryDirectory() + "ponor-attribution-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try SubscriberIndexWriter.write(set, sources: summaries, builtAt: noon, to: path)
    index = try SubscriberIndex(path: path)
  }

  private static func feed(
    _ files: [String], _ reader: inout any SourceReader, _ output: inout ReaderOutput,
    _ chunk: Int
  ) {
    for (number, text) in files.enumerated() {
      output.setFile("file\(number)")
      reader.beginFile(&output)
      var feeder = LineFeeder()
      let octets = Array(text.utf8)
      for start in stride(from: 0, to: octets.count, by: min(chunk, max(1, octets.count))) {
        feeder.push(
          Array(octets[start..<min(octets.count, start + min(chunk, octets.count))]), &reader,
          &output)
      }
      feeder.finish(&reader, &output)
    }
    reader.finish(&output)
  }

  /// The answer as text: `unique KEY SOURCE`, `ambiguous`, `unknown`.
  func who(
    _ address: String, port: UInt16? = nil, _ transport: IPProtocol = .any, at instant: Int64,
    tolerance: Int64 = 0
  ) -> String {
    guard let address = IPAddress(address) else { return "no address" }
    let answer = index.answer(
      AttributionQuestion(address: address, port: port, transport: transport, instant: instant),
      tolerance: tolerance)
    return ([answer.state.rawValue] + [answer.key, answer.source].compactMap(\.self))
      .joined(separator: " ")
  }

  /// Flaws, as lines.
  var flaws: [String] { output.flaws.map(\.description) }
}
