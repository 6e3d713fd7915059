import DNSWire
import Testing
import WireSamples

@Suite struct NameTests {
  @Test(
    "text is read per RFC 1035 §5.1",
    arguments: [
      (".", [0]),
      ("a.", [1, 0x61, 0]),
      ("a.bc", [1, 0x61, 2, 0x62, 0x63, 0]),
      ("A\\.b.c.", [3, 0x41, 0x2E, 0x62, 1, 0x63, 0]),
      ("\\000\\255", [2, 0, 255, 0]),
      ("\\\\", [1, 0x5C, 0]),
    ] as [(String, [UInt8])])
  func text(_ text: String, _ wire: [UInt8]) throws {
    #expect(try Name(text).wire == wire)
  }

  @Test(
    "bad text is refused at the octet at fault",
    arguments: [
      ("", .emptyLabel, 0),
      ("..", .emptyLabel, 0),
      ("a..b", .emptyLabel, 2),
      (".a", .emptyLabel, 0),
      ("a\\", .badEscape, 1),
      ("a\\25", .badEscape, 1),
      ("a\\256", .badEscape, 1),
      ("a\\2x5", .badEscape, 1),
      (String(repeating: "a", count: 64), .labelTooLong, 64),
      (String(repeating: "a.", count: 128), .nameTooLong, 256),
    ] as [(String, WireError.Kind, Int)])
  func badText(_ text: String, _ kind: WireError.Kind, _ offset: Int) {
    #expect(throws: WireError(kind, at: offset)) { try Name(text) }
  }

  @Test("labels of 63 and names of 255 octets are the longest")
  func limits() throws {
    let label = String(repeating: "x", count: 63)
    let longest = [label, label, label, String(repeating: "y", count: 61)].joined(separator: ".")
    #expect(try Name(longest).wire.count == Limits.nameOctets)
    #expect(throws: WireError.self) { try Name(longest + "y") }
    let most = String(repeating: "a.", count: Limits.labels)
    #expect(try Name(most).labelCount == Limits.labels)
    #expect(try Name(most).wire.count == Limits.nameOctets)
  }

  @Test(
    "wire form must be one whole name without pointers",
    arguments: [
      ([], .truncated, 0),
      ([1, 0x61], .truncated, 2),
      ([2, 0x61, 0], .truncated, 3),
      ([1, 0x61, 0, 0], .trailingOctets, 3),
      ([0xC0, 0], .pointerNotAllowed, 0),
      ([0x40], .reservedLabelType, 0),
      ([0x80], .reservedLabelType, 0),
    ] as [([UInt8], WireError.Kind, Int)])
  func badWire(_ wire: [UInt8], _ kind: WireError.Kind, _ offset: Int) {
    #expect(throws: WireError(kind, at: offset)) { try Name(wire: wire) }
  }

  @Test("case does not matter, and hashing agrees")
  func caseFold() throws {
    let upper = try Name("WWW.Example.COM")
    let lower = try Name("www.example.com.")
    #expect(upper == lower)
    #expect(Set([upper, lower]).count == 1)
    #expect(try Name("\\192") != Name("\\224"))
    #expect(try Name("@") != Name("`"))
    #expect(upper.description == "WWW.Example.COM.")
  }

  @Test("ancestors end at a label, not in the middle of one")
  func ancestors() throws {
    let name = try Name("www.example.com")
    for above in ["www.example.com", "EXAMPLE.com", "com", "."] {
      #expect(name.isEqualOrBelow(try Name(above)))
    }
    for other in ["ample.com", "w.www.example.com", "net", "www.example"] {
      #expect(!name.isEqualOrBelow(try Name(other)))
    }
    // Octets that look like a label start within a label are no suffix.
    #expect(!(try Name("a\\003com").isEqualOrBelow(Name("com"))))
    #expect(Name.root.isEqualOrBelow(.root))
  }

  @Test("description reads back to the same octets")
  func roundTrip() throws {
    let seed = testSeed()
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let name = random.name()
      #expect(try Name(name.description).wire == name.wire, "seed \(seed)")
      #expect(try Name(wire: name.wire) == name, "seed \(seed)")
    }
  }

  @Test("a suffix is replaced as a DNAME does")
  func replacement() throws {
    let rewriter = try Message.dnameAnswer(
      "x.y.old.example", owner: "old.example", target: "new.test")
    #expect(rewriter.chain.map(\.target) == [try Name("x.y.new.test")])
  }
}

extension Message {
  /// The rewritten answer to a question whose answer is only a DNAME.
  fileprivate static func dnameAnswer(
    _ qname: String, owner: String, target: String
  ) throws -> RewrittenAnswer {
    var message = Message(query: try Name(qname), .a)
    message.flags.insert(.response)
    message.answers = [
      ResourceRecord(owner: try Name(owner), ttl: 1, rdata: .dname(try Name(target)))
    ]
    let octets = try #require(message.encoded())
    return try MessageRewriter(keepDNSSEC: false).rewrite(octets.span)
  }
}
