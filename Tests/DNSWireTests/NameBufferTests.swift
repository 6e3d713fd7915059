import DNSWire
import Testing
import WireSamples

@Suite struct NameBufferTests {
  @Test(
    "pointers must lead backwards",
    arguments: [
      ([0xC0, 0], 0, .pointerNotBackward, 0),  // to itself
      ([0xC0, 2, 0], 0, .pointerNotBackward, 0),  // forward
      ([1, 0x61, 0xC0, 0], 0, .pointerNotBackward, 2),  // into its own start
      ([0, 1, 0x61, 0xC0, 1], 1, .pointerNotBackward, 3),
      ([1, 0x61, 0xC0, 0, 0xC0, 0], 4, .pointerNotBackward, 2),  // loop over two jumps
      ([1, 0x61, 0xC0, 0, 0xC0, 2], 4, .pointerNotBackward, 2),
      ([0xC0], 0, .truncated, 0),
      ([3, 0x61], 0, .truncated, 0),
      ([0, 0x7F], 1, .reservedLabelType, 1),
      ([0], 1, .truncated, 1),
    ] as [([UInt8], Int, WireError.Kind, Int)])
  func badPointers(_ octets: [UInt8], _ start: Int, _ kind: WireError.Kind, _ offset: Int) {
    #expect(throws: WireError(kind, at: offset)) {
      var buffer = NameBuffer()
      _ = try buffer.load(from: octets.span, at: start, allowCompression: true)
    }
  }

  @Test("each octet is folded as RFC 4343 says, wherever it stands")
  func folding() throws {
    for octet in UInt8.min ... .max {
      for place in 0..<17 {
        var octets: [UInt8] = [17] + Array(repeating: 0x2D, count: 17) + [2, 0x7A, 0x5A, 0]
        octets[1 + place] = octet
        var buffer = NameBuffer()
        #expect(try buffer.load(from: octets.span, at: 0, allowCompression: false) == 22)
        let folded = octets.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        #expect((0..<22).map { buffer.canonical[$0] } == folded)
        #expect((0..<22).map { buffer.original[$0] } == octets)
        #expect(buffer.labelCount == 2 && buffer.labelOffset(1) == 18)
        #expect(buffer.lastLabelWord == 0x7A7A)
      }
    }
  }

  @Test("a chain of pointers is followed, and the end is behind the first one")
  func chain() throws {
    let octets: [UInt8] = [0, 1, 0x61, 0xC0, 0, 1, 0x62, 0xC0, 1, 1, 0x63, 0xC0, 5, 0xFF]
    var buffer = NameBuffer()
    let end = try buffer.load(from: octets.span, at: 9, allowCompression: true)
    #expect(end == 13)
    #expect(Name(buffer) == (try Name("c.b.a")))
    #expect(buffer.labelCount == 3)
    #expect((0...3).map { buffer.labelOffset($0) } == [0, 2, 4, 6])
  }

  @Test("255 octets fit, 256 do not, also through pointers")
  func limits() throws {
    let label = [UInt8(63)] + [UInt8](repeating: 0x41, count: 63)
    let tail = [UInt8(61)] + [UInt8](repeating: 0x42, count: 61)
    let longest = label + label + label + tail + [0]
    #expect(longest.count == 255)
    var buffer = NameBuffer()
    #expect(try buffer.load(from: longest.span, at: 0, allowCompression: false) == 255)
    #expect(buffer.count == 255)
    #expect(Name(buffer).canonical == longest.map { (0x41...0x42).contains($0) ? $0 | 0x20 : $0 })

    let compressed = longest + [1, 0x63, 0xC0, 0]
    #expect(throws: WireError.self) {
      _ = try buffer.load(from: compressed.span, at: 255, allowCompression: true)
    }
  }

  @Test("after an error the buffer is empty")
  func emptyAfterError() {
    let octets: [UInt8] = [3, 0x77, 0x77, 0x77, 0xC0, 0xFF]
    var buffer = NameBuffer()
    _ = try? buffer.load(from: octets.span, at: 0, allowCompression: true)
    #expect(buffer.count == 0)
    #expect(buffer.labelCount == 0)
  }

  @Test("agrees with Name on any octets")
  func agreesWithName() {
    let seed = testSeed()
    var random = SeededGenerator(seed: seed)
    for _ in 0..<5_000 {
      let octets = random.mutate(random.name().wire)
      var buffer = NameBuffer()
      let end = try? buffer.load(from: octets.span, at: 0, allowCompression: false)
      let name = end.flatMap { try? Name(wire: Array(octets[..<$0])) }
      #expect((end == nil) == (name == nil), "seed \(seed) \(octets)")
      guard let name else { continue }
      #expect(Name(buffer) == name && Name(buffer).wire == name.wire)
      #expect(buffer.labelCount == name.labelCount)
      #expect((0..<buffer.labelCount).map { buffer.labelOffset($0) } == name.labelOffsets)
      #expect(buffer.canonicalBytes.indices.map { buffer.canonicalBytes[$0] } == name.canonical)
    }
  }
}
