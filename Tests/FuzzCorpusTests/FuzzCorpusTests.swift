import DNSWire
import Foundation
import FuzzEntries
import Testing
import WireSamples

/// Replays `Tests/Fuzz/corpus`, so that what a fuzzer once found stays found without a fuzzer.
@Suite struct FuzzCorpusTests {
  private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fuzz/corpus")

  @Test("every parser takes its corpus", arguments: fuzzEntries.map(\.name))
  func replay(_ name: String) throws {
    let entry = try #require(fuzzEntries.first { $0.name == name })
    let folder = Self.corpus.appendingPathComponent(name)
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    #expect(!files.isEmpty)
    for file in files { entry.run(Array(try Data(contentsOf: file))) }
  }

  /// `PONOR_WRITE_CORPUS=1 swift test --filter FuzzCorpusTests` writes the generated part anew.
  @Test(
    "the corpus is written from the sample generator",
    .enabled(if: ProcessInfo.processInfo.environment["PONOR_WRITE_CORPUS"] != nil))
  func write() throws {
    var random = SeededGenerator(seed: 20_261_123)
    for index in 0..<12 {
      try write(random.query().encoded(), "request", index)
      try write(random.response().encoded(), "message", index)
      try write(random.message().encoded(), "message", index + 12)
      try write(Array(random.name().description.utf8), "name", index)
      try write(random.name().wire, "name", index + 12)
    }
  }

  @Test(
    "the corpus of binary files is written from samples",
    .enabled(if: ProcessInfo.processInfo.environment["PONOR_WRITE_CORPUS"] != nil))
  func writeFiles() throws {
    for (number, sizes) in [(0, 1), (1, 1), (1, 3), (3, 1), (5, 3), (9, 2), (20, 4), (40, 5)]
      .enumerated()
    {
      try write(try FileSamples.index(names: sizes.0, rows: sizes.1), "index", number)
    }
    for (number, sizes) in [(1, 0, 0), (1, 1, 1), (2, 1, 1), (2, 5, 2), (3, 3, 0), (4, 4, 4)]
      .enumerated()
    {
      try write(
        try FileSamples.ring(capacity: sizes.0, appended: sizes.1, kept: sizes.2), "ring", number)
    }
  }

  private func write(_ octets: [UInt8]?, _ entry: String, _ index: Int) throws {
    let folder = Self.corpus.appendingPathComponent(entry)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent(String(format: "generated-%02d", index))
    try Data(try #require(octets)).write(to: file)
  }
}
