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
    let files = try Self.files(name)
    #expect(files.count >= 6)
    for octets in files { entry.run(octets) }
  }

  private static func files(_ entry: String) throws -> [[UInt8]] {
    try FileManager.default.contentsOfDirectory(
      at: corpus.appendingPathComponent(entry), includingPropertiesForKeys: nil
    ).sorted { $0.path < $1.path }.map { Array(try Data(contentsOf: $0)) }
  }

  @Test("random octets never trap any parser", arguments: fuzzEntries.map(\.name))
  func randomOctets(_ name: String) throws {
    let entry = try #require(fuzzEntries.first { $0.name == name })
    var random = SeededGenerator(seed: testSeed())
    for round in 0..<600 { entry.run(random.octets(round % 300)) }
  }

  @Test("damaged files of the corpus never trap", arguments: fuzzEntries.map(\.name))
  func mutations(_ name: String) throws {
    let entry = try #require(fuzzEntries.first { $0.name == name })
    var random = SeededGenerator(seed: testSeed())
    for octets in try Self.files(name) {
      for round in 0..<20 { entry.run(random.mutate(octets, changes: 1 + round % 6)) }
    }
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
    var numbers: [String: Int] = [:]
    for sample in try EvidenceSamples.all() {
      try write(sample.octets, sample.entry, numbers[sample.entry, default: 0])
      numbers[sample.entry, default: 0] += 1
    }
  }

  @Test(
    "the corpus of subscriber indexes is written from samples",
    .enabled(if: ProcessInfo.processInfo.environment["PONOR_WRITE_CORPUS"] != nil))
  func writeSubscribers() throws {
    for (number, sizes) in [(0, 0), (1, 0), (1, 1), (2, 1), (3, 5), (20, 1), (2, 20)].enumerated() {
      try write(
        try FileSamples.subscribers(lines: sizes.0, blocks: sizes.1), "subscribers", number)
    }
  }

  private func write(_ octets: [UInt8]?, _ entry: String, _ index: Int) throws {
    let folder = Self.corpus.appendingPathComponent(entry)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent(String(format: "generated-%02d", index))
    try Data(try #require(octets)).write(to: file)
  }
}
