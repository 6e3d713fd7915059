import DGAKit
import Foundation
import ListSources

/// A repeatable generator: a failing input can be made again from its seed.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// A directory for one test, which removes it when done.
struct TemporaryDirectory {
  let path = FileManager.default.temporaryDirectory.appending(path: "ponor-\(UUID())").path

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
    return path + "/" + name
  }
}

/// One delivered row of a feed, as text.
struct Row: Equatable {
  var name: String
  var family: String
  var seed: String
  var validity: String
}

/// A feed's rows and report, the text cut into chunks of `chunk` octets.
func readFeed(_ bytes: [UInt8], chunk: Int = .max) -> (rows: [Row], report: FeedReport) {
  var rows: [Row] = []
  var parser = FeedParser(path: "feed.csv")
  let body: FeedParser.Body = { name, _, key in
    let text = String(decoding: name.indices.map { name[$0] }, as: UTF8.self)
    rows.append(
      Row(
        name: text, family: key.family, seed: key.seed,
        validity: "\(key.validity.start)/\(key.validity.end)"))
  }
  var start = 0
  while start < bytes.count {
    let end = chunk > bytes.count - start ? bytes.count : start + chunk
    parser.push(Array(bytes[start..<end]), body)
    start = end
  }
  let report = parser.finish(body)
  return (rows, report)
}

func readFeed(_ text: String, chunk: Int = .max) -> (rows: [Row], report: FeedReport) {
  readFeed(Array(text.utf8), chunk: chunk)
}
