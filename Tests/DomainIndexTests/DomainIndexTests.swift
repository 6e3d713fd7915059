import DNSWire
import DomainIndex
import Foundation
import Testing

@Suite struct DomainIndexTests {
  /// A folder that is removed when the test ends.
  struct Folder {
    let path: String

    init() throws {
      path = NSTemporaryDirectory() + "/ponor-index-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
  }

  static let generator = IndexGenerator(family: "f", variant: "", seed: "s", kind: .model)

  static func buffer(_ text: String) throws -> NameBuffer {
    var name = NameBuffer()
    try name.load(text: Array(text.utf8).span)
    return name
  }

  static func build(_ count: Int, at path: String) throws -> DomainIndex {
    var builder = IndexBuilder()
    let row = try builder.addRow(generator: generator, validFrom: 10, validTo: 20)
    for number in 0..<count {
      builder.add(
        try buffer("n\(number).example.com"), row: row, ordinal: number,
        isColliding: number % 1000 == 999)
    }
    try builder.write(to: path, generation: 7, builtAt: 5, window: (0, 100))
    return try DomainIndex(path: path)
  }

  @Test(
    "every name is found with its row and ordinal, others are not", arguments: [0, 1, 9, 20_000])
  func roundTrip(count: Int) throws {
    let folder = try Folder()
    defer { folder.remove() }
    let index = try Self.build(count, at: folder.path + "/a")
    #expect(index.nameCount == count)
    for number in 0..<count {
      let payload = try #require(index.find(try Name("n\(number).example.com")))
      #expect(index.origins(of: payload) == [IndexOrigin(row: 0, ordinal: number)])
      #expect(index.isColliding(payload) == (number % 1000 == 999))
    }
    for number in 0..<20_000 { #expect(index.find(try Name("m\(number).example.com")) == nil) }
  }

  @Test("a payload that is not of this index has no origins", arguments: [0, 9])
  func foreignPayloads(count: Int) throws {
    let folder = try Folder()
    defer { folder.remove() }
    let index = try Self.build(count, at: folder.path + "/a")
    // Lists that would start far behind the section, or at 2^61, and a row that is not there.
    let payloads: [UInt64] = [.max, 1 << 63 | 1, 4 << 20 | 1, 1 << 62]
    for payload in payloads {
      #expect(index.origins(of: payload).isEmpty)
      #expect(index.onlyOrigin(of: payload) == nil)
    }
  }

  @Test("a million names take at most 16 octets each, all in")
  func size() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let index = try Self.build(1_000_000, at: folder.path + "/a")
    #expect(index.fileSize <= 16 * 1_000_000)
    var misses = 0
    for number in 0..<1_000_000 {
      if index.match(try Self.buffer("x\(number).example.net")) == nil { misses += 1 }
    }
    #expect(misses == 1_000_000)
  }

  @Test("a name below a listed one belongs to it; the longest listed suffix wins")
  func suffixes() throws {
    let folder = try Folder()
    defer { folder.remove() }
    var builder = IndexBuilder()
    let row = try builder.addRow(generator: Self.generator, validFrom: .min, validTo: .max)
    builder.add(try Self.buffer("evil.com"), row: row, ordinal: 1, isColliding: false)
    builder.add(try Self.buffer("a.b.evil.com"), row: row, ordinal: 2, isColliding: false)
    try builder.write(to: folder.path + "/a", generation: 1, builtAt: 1, window: (0, 1))
    let index = try DomainIndex(path: folder.path + "/a")
    let deep = try #require(index.match(try Self.buffer("x.A.B.evil.COM")))
    #expect(index.origin(of: deep.payload, 0).ordinal == 2 && deep.offset == 2)
    let shallow = try #require(index.match(try Self.buffer("q.r.s.t.u.b.evil.com")))
    #expect(index.origin(of: shallow.payload, 0).ordinal == 1)
    #expect(index.match(try Self.buffer("notevil.com")) == nil)
    #expect(index.match(NameBuffer()) == nil)
  }

  @Test("a name of several rows keeps them all, duplicates within a row count once")
  func severalRows() throws {
    let folder = try Folder()
    defer { folder.remove() }
    var builder = IndexBuilder()
    let rows = try (0..<3).map {
      try builder.addRow(generator: Self.generator, validFrom: Int64($0), validTo: Int64($0 + 1))
    }
    let name = try Self.buffer("twice.example.org")
    for (row, ordinal) in [(rows[2], 5), (rows[0], 9), (rows[0], 3), (rows[1], 1)] {
      builder.add(name, row: row, ordinal: ordinal, isColliding: false)
    }
    try builder.write(to: folder.path + "/a", generation: 1, builtAt: 1, window: (0, 1))
    let index = try DomainIndex(path: folder.path + "/a")
    let payload = try #require(index.find(try Name("twice.example.org")))
    #expect(
      index.origins(of: payload)
        == [
          IndexOrigin(row: 0, ordinal: 3), IndexOrigin(row: 1, ordinal: 1),
          IndexOrigin(row: 2, ordinal: 5),
        ])
    #expect(index.row(1) == IndexRow(generator: 0, validFrom: 1, validTo: 2))
  }

  @Test("clock and grace are kept, and the malware's own interval with them")
  func clocks() throws {
    let folder = try Folder()
    defer { folder.remove() }
    var builder = IndexBuilder()
    for clock in IndexGenerator.Clock.allCases {
      let generator = IndexGenerator(
        family: clock.name, variant: "", seed: "s", kind: .model, clock: clock)
      let row = try builder.addRow(generator: generator, validFrom: 100_000, validTo: 300_000)
      builder.add(
        try Self.buffer("\(clock.name).example"), row: row, ordinal: 0, isColliding: false)
    }
    let always = IndexGenerator(family: "x", variant: "", seed: "", kind: .feed)
    _ = try builder.addRow(generator: always, validFrom: .min, validTo: .max)
    try builder.write(
      to: folder.path + "/a", generation: 1, builtAt: 1, window: (0, 1), grace: 60)
    let index = try DomainIndex(path: folder.path + "/a")
    #expect(index.grace == 60)
    #expect(index.generators.map(\.clock) == IndexGenerator.Clock.allCases + [.none])
    let own = (0..<5).map { index.ownInterval(of: index.row($0)) }
    #expect(own.map(\.from) == [100_060, 100_060, 150_460, 100_060, .min])
    #expect(own.map(\.to) == [299_940, 299_940, 256_740, 299_940, .max])
  }

  @Test("damage in any part is refused with an error, never trapped on")
  func damage() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let path = folder.path + "/a"
    _ = try Self.build(5000, at: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let broken = URL(fileURLWithPath: folder.path + "/b")
    for length in stride(from: 0, to: whole.count, by: 1777) {
      try whole.prefix(length).write(to: broken)
      #expect(throws: IndexError.self) { try DomainIndex(path: broken.path) }
    }
    for position in stride(from: 0, to: whole.count, by: 997) {
      var copy = whole
      copy[position] ^= 0x10
      try copy.write(to: broken)
      // Octets between sections belong to none; everything else is covered by a checksum.
      guard let index = try? DomainIndex(path: broken.path) else { continue }
      #expect(index.nameCount == 5000)
      #expect(index.find(try Name("n1.example.com")) != nil)
    }
    var other = whole
    other[8] = 99
    try other.write(to: broken)
    #expect(throws: IndexError.otherVersion(path: broken.path, found: 99, expected: 2)) {
      try DomainIndex(path: broken.path)
    }
  }

  @Test("a new file under the same path leaves the mapped one readable")
  func replacement() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let first = try Self.build(100, at: folder.path + "/a")
    let second = try Self.build(10, at: folder.path + "/a")
    #expect(first.find(try Name("n99.example.com")) != nil)
    #expect(second.find(try Name("n99.example.com")) == nil)
    #expect(first.key != second.key)
  }
}
