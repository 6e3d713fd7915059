import DNSWire
import DomainIndex
import Foundation
import Testing

@Suite struct NameListTests {
  private static let generator = IndexGenerator(family: "f", variant: "v", seed: "s", kind: .feed)

  private static func build(_ names: [(String, Int)], at path: String, runNames: Int) throws
    -> NameList
  {
    let builder = NameListBuilder(path: path, runNames: runNames)
    for (name, row) in names { builder.add(try DomainIndexTests.buffer(name), row: row) }
    let rows = (0..<5).map {
      IndexRow(generator: 0, validFrom: Int64($0), validTo: Int64($0) + 10)
    }
    try builder.write(
      generation: 3, builtAt: 4, window: (5, 6), rows: rows, generators: [generator])
    return try NameList(path: path)
  }

  private static func content(_ list: NameList) throws -> [String] {
    var cursor = list.makeCursor()
    var lines: [String] = []
    while cursor.next() {
      var wire: [UInt8] = []
      #expect(NameKey.appendLabels(of: cursor.key, to: &wire))
      lines.append("\(try Name(wire: wire + [0])) \(cursor.rows)")
    }
    #expect(!cursor.isDamaged)
    return lines
  }

  @Test("names come back once, in canonical order, with all their rows", arguments: [1, 2, 3, 100])
  func order(runNames: Int) throws {
    let folder = try DomainIndexTests.Folder()
    defer { folder.remove() }
    let list = try Self.build(
      [
        ("b.example", 1), ("a.b.example", 0), ("aa.example", 2), ("B.Example", 0), ("b.com", 4),
        ("z.b.example", 3), ("b-.example", 0), ("b.example", 1), ("\u{0}.example", 0),
        ("\u{1}.example", 0), ("a\u{0}b.example", 0), ("example", 1),
      ], at: folder.path + "/n", runNames: runNames)
    #expect(
      try Self.content(list) == [
        "b.com. [4]", "example. [1]", "\\000.example. [0]", "\\001.example. [0]",
        "a\\000b.example. [0]", "aa.example. [2]", "b.example. [0, 1]", "a.b.example. [0]",
        "z.b.example. [3]", "b-.example. [0]",
      ])
    #expect(list.nameCount == 10 && list.generation == 3 && list.rowCount == 5)
    #expect(list.row(2) == IndexRow(generator: 0, validFrom: 2, validTo: 12))
    #expect(list.row(5).validTo == 0 && list.generators == [Self.generator])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["n"])
  }

  @Test("random names sort as their labels do from the right, whatever the size of runs")
  func many() throws {
    let folder = try DomainIndexTests.Folder()
    defer { folder.remove() }
    var state: UInt64 = 42
    func random(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    let names = (0..<20_000).map { _ in
      (0...random(3)).map { _ in
        String((0...random(12)).map { _ in "abcx-0".randomElement(at: random(6)) })
      }
      .joined(separator: ".")
    }
    let expected = Set(names).sorted {
      $0.split(separator: ".").reversed().lexicographicallyPrecedes(
        $1.split(separator: ".").reversed()
      ) {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }
    }
    for runNames in [900, 1_000_000] {
      let list = try Self.build(
        names.map { ($0, 0) }, at: folder.path + "/n", runNames: runNames)
      #expect(try Self.content(list) == expected.map { "\($0). [0]" })
    }
  }

  @Test("damage in any part is refused with an error, never trapped on")
  func damage() throws {
    let folder = try DomainIndexTests.Folder()
    defer { folder.remove() }
    let path = folder.path + "/n"
    _ = try Self.build(
      (0..<300).map { ("n\($0).example.com", $0 % 5) }, at: path, runNames: 1000)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let broken = URL(fileURLWithPath: folder.path + "/b")
    for length in stride(from: 0, to: whole.count, by: 171) {
      try whole.prefix(length).write(to: broken)
      #expect(throws: IndexError.self) { try NameList(path: broken.path) }
    }
    for position in stride(from: 0, to: whole.count, by: 23) {
      var copy = whole
      copy[position] ^= 0x10
      try copy.write(to: broken)
      guard let list = try? NameList(path: broken.path) else { continue }
      // Octets between sections belong to none.
      #expect(try Self.content(list).count == 300)
    }
    try Data(count: 5000).write(to: broken)
    #expect(throws: IndexError.notAnIndex(path: broken.path)) { try NameList(path: broken.path) }
  }
}

extension String {
  fileprivate func randomElement(at index: UInt64) -> Character {
    self[self.index(startIndex, offsetBy: Int(index))]
  }
}
