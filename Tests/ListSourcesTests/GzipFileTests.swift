import CheckedYAML
import Foundation
import ListSources
import Testing

@Suite struct GzipFileTests {
  /// "a.example\n" as `gzip -n` packs it.
  private let packed: [UInt8] = [
    0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x4B, 0xD4, 0x4B, 0xAD, 0x48, 0xCC,
    0x2D, 0xC8, 0x49, 0xE5, 0x02, 0x00, 0xBD, 0xE5, 0xB7, 0xA0, 0x0A, 0x00, 0x00, 0x00,
  ]

  private func read(_ octets: [UInt8]) throws -> String {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let path = directory.path + "/list.gz"
    try Data(octets).write(to: URL(filePath: path))
    return String(decoding: try GzipFile.read(path), as: UTF8.self)
  }

  @Test("packed and plain files are read")
  func reading() throws {
    #expect(try read(packed) == "a.example\n")
    #expect(try read(Array("b.example\n".utf8)) == "b.example\n")
    #expect(try read(packed + packed) == "a.example\na.example\n")
    #expect(try read([]).isEmpty)
  }

  @Test("a file that is cut short, damaged, missing or no file is refused")
  func refused() {
    for count in 11..<packed.count {
      #expect(throws: SourceProblem.self, "\(count)") { try read(Array(packed[..<count])) }
    }
    var damaged = packed
    damaged[24] ^= 1
    #expect(throws: SourceProblem.self) { try read(damaged) }
    #expect(throws: SourceProblem.self) { try GzipFile.read("/nonexistent") }
    #expect(throws: SourceProblem.self) { try GzipFile.read("/") }
  }
}
