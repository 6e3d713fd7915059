import DNSWire
import Foundation
import Testing
import Zones

@Suite struct LoadTests {
  /// A zone with one fault: the records behind the head (lines 1 and 2), the line and the words.
  struct Fault: Sendable, CustomTestStringConvertible {
    var records: String
    var line: Int?
    var problem: String
    var testDescription: String { problem }
  }

  static let faults: [Fault] = [
    Fault(records: "www A 192.0.2.1\n\n; remark\nwww A 192.0.2.256\n", line: 6, problem: "rdata"),
    Fault(records: "www BLAH 1\n", line: 3, problem: "unknown record type"),
    Fault(records: "www CH TXT x\n", line: 3, problem: "class CH"),
    Fault(records: "www A\n", line: 3, problem: "value expected"),
    Fault(records: "www\n", line: 3, problem: "without type"),
    Fault(records: "www A 192.0.2.1 extra\n", line: 3, problem: "superfluous"),
    Fault(records: "www.example.org. A 192.0.2.1\n", line: 3, problem: "outside the zone"),
    Fault(records: "a..b A 192.0.2.1\n", line: 3, problem: "no domain name"),
    Fault(records: "x A 192.0.2.1\nx CNAME y\n", line: 4, problem: "CNAME and other data"),
    Fault(records: "x CNAME y\nx CNAME z\n", line: 3, problem: "more than one CNAME"),
    Fault(records: "d DNAME y\n\na.d A 192.0.2.1\n", line: 5, problem: "below a DNAME"),
    Fault(records: "@ SOA a b 2 3 4 5 6\n", line: 2, problem: "more than one SOA"),
    Fault(records: "sub SOA a b 2 3 4 5 6\n", line: 3, problem: "SOA record below the apex"),
    Fault(records: "x 2147483648 A 192.0.2.1\n", line: 3, problem: "too large"),
    Fault(records: "$TTL soon\n", line: 3, problem: "$TTL"),
    Fault(records: "$GENERATE 1-3 a$ A 192.0.2.$\n", line: 3, problem: "$GENERATE"),
    Fault(records: "$ORIGIN\n", line: 3, problem: "name is missing"),
    Fault(records: "$INCLUDE nothing-here\n", line: nil, problem: "cannot be opened"),
    Fault(records: "$INCLUDE zone0\n", line: 3, problem: "nested $INCLUDE"),
    Fault(records: "x TXT ( \"a\"\n\"b\"\n", line: 3, problem: "never closed"),
    Fault(records: "x TXT a )\n", line: 3, problem: "without '('"),
    Fault(records: "x TXT \"a\ny A 192.0.2.1\n", line: 3, problem: "not closed on its line"),
    Fault(records: "x TXT a\u{0}b\n", line: 3, problem: "binary data"),
    Fault(records: "\u{fc}x A 192.0.2.1\n", line: 3, problem: "not ASCII"),
    Fault(records: "x RRSIG \\# 1 00\n", line: 3, problem: "cannot be parsed"),
    Fault(records: "@ NSEC3PARAM \\# 4 01000000\n", line: 3, problem: "malformed NSEC3PARAM"),
    Fault(records: "x MX \\# 1 00\n", line: 3, problem: "cannot be parsed"),
    Fault(records: "x SOA \\# 2 0000\n", line: 3, problem: "malformed SOA"),
    Fault(
      records: "x NSEC3 1 1 12 aa 2t7b4g4vsa5smiQ=k61mv5bv1a22bojr A\n", line: 3,
      problem: "malformed NSEC3"),
    Fault(records: "x TYPE252 \\# 1 00\n", line: 3, problem: "unknown record type"),
    Fault(
      records: "x TXT " + String(repeating: "\"0123456789\" ", count: 6000) + "\n", line: 3,
      problem: "entry longer"),
  ]

  @Test("each fault is reported with file, line, words and advice", arguments: faults)
  func fault(_ fault: Fault) throws {
    let fixture = try ZoneFixture(fault.records)
    #expect(fixture.set.isEmpty)
    let problems = fixture.errors.map(\.problem)
    #expect(problems.contains { $0.contains(fault.problem) })
    let error = try #require(
      fixture.errors.first { $0.problem.contains(fault.problem) })
    if let line = fault.line { #expect(error.line == line) }
    #expect(!error.advice.isEmpty)
    #expect(error.description.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    let place = fault.line.map { ":\($0): zone example.net.: " } ?? ": zone example.net.: "
    #expect(error.description.contains(place))
  }

  @Test("what is no zone file is refused clearly")
  func notAZoneFile() throws {
    let directory = try ZoneDirectory()
    let name = try Name("example.net")
    var random = SystemRandomNumberGenerator()
    let noise = Data((0..<10_000).map { _ in UInt8.random(in: 0...255, using: &random) })
    let cases: [(path: String, problem: String?)] = [
      (directory.path("missing"), "cannot be opened: No such file"),
      (directory.url.path, "is not a regular file"),
      ("/dev/zero", "is not a regular file"),
      (try directory.write("empty", ""), "no SOA record"),
      (try directory.write("comments", "; nothing\n\n"), "no SOA record"),
      (try directory.write("ns", "$TTL 1\n@ NS a\n"), "no SOA record"),
      (try directory.write("nothing", "@ A 192.0.2.1\n"), "record without TTL"),
      (try directory.write("owner", "  A 192.0.2.1\n"), "no owner"),
      (try directory.write("noise", noise), nil),
    ]
    for (path, problem) in cases {
      let (set, errors) = ZoneSet.load([ZoneSource(name: name, path: path)], previous: nil)
      #expect(set.isEmpty)
      let error = try #require(errors.first)
      if let problem { #expect(error.problem.contains(problem)) }
      #expect(error.file == path)
    }
  }

  @Test("what RFC 1035 §5.1 allows is read")
  func syntax() throws {
    let fixture = try ZoneFixture([
      (
        "example.net",
        """
        @ IN SOA ns1 hostmaster (
            7 ; serial
            1h 10m 1d
            60 ) ; the minimum is the TTL while none is stated
        \tNS ns1
        ns1 120 IN A 192.0.2.1
            IN 60 AAAA 2001:db8::1
        $ORIGIN sub
        a A 192.0.2.2\r
        $TTL 1h30m
        b ( IN
            TXT "x;y" "(z)" )
        c\\.d.example.net. TXT a\\;b
        $ORIGIN example.net.
        t TYPE65280 \\# 2 0102
        h HTTPS 1 . alpn=h2
        """
      )
    ])
    #expect(fixture.errors == [])
    func records(_ name: String, _ type: RRType) throws -> [String] {
      try fixture.set.ask(name, type)?.message.answers.texts ?? []
    }
    let soa = try records("example.net", .soa)
    #expect(
      soa == [
        "example.net. 60 IN SOA ns1.example.net. hostmaster.example.net. 7 3600 600 86400 60"
      ])
    let ns = try records("example.net", .ns)
    #expect(ns == ["example.net. 60 IN NS ns1.example.net."])
    let aaaa = try records("ns1.example.net", .aaaa)
    #expect(aaaa == ["ns1.example.net. 60 IN AAAA 2001:db8::1"])
    let address = try records("a.sub.example.net", .a)
    #expect(address == ["a.sub.example.net. 60 IN A 192.0.2.2"])
    let text = try records("b.sub.example.net", .txt)
    #expect(text == ["b.sub.example.net. 5400 IN TXT \"x;y\" \"(z)\""])
    let escaped = try records("c\\.d.example.net", .txt)
    #expect(escaped == ["c\\.d.example.net. 5400 IN TXT \"a;b\""])
    let unknown = try records("t.example.net", RRType(rawValue: 65280))
    #expect(unknown.count == 1)
    let https = try records("h.example.net", .https)
    #expect(https.count == 1)
  }

  @Test("duplicates are one record, and an RRset has its lowest TTL (RFC 2181 §5)")
  func duplicates() throws {
    let fixture = try ZoneFixture("x 60 A 192.0.2.1\nx 30 A 192.0.2.2\nX 90 A 192.0.2.1\n")
    let reply = try fixture.set.ask("x.example.net", .a)
    #expect(reply?.message.answers.map(\.ttl) == [30, 30])
    #expect(fixture.set.summaries.map(\.recordCount) == [3])
  }

  @Test("included files have their own origin and are watched")
  func include() throws {
    let directory = try ZoneDirectory()
    let name = try Name("example.net")
    try directory.write("inner", "@ A 192.0.2.1\nx A 192.0.2.2\n")
    let path = try directory.write(
      "outer", ZoneFixture.head + "y A 192.0.2.3\n$INCLUDE inner in\n  AAAA ::1\n")
    let sources = [ZoneSource(name: name, path: path)]
    let (set, errors) = ZoneSet.load(sources, previous: nil)
    #expect(errors == [])
    #expect(set.summaries.map(\.recordCount) == [5])
    let inner = try set.ask("x.in.example.net", .a)
    #expect(inner?.answer.kind == .answer)
    let after = try set.ask("y.example.net", .aaaa)
    #expect(after?.answer.kind == .answer)
    #expect(!set.needsReload(sources))
    try directory.write("inner", "@ A 192.0.2.1\nbad A x\n")
    #expect(set.needsReload(sources))
    let (kept, found) = ZoneSet.load(sources, previous: set)
    #expect(found.map(\.file) == [directory.path("inner")])
    #expect(found.map(\.line) == [2])
    #expect(kept.summaries.map(\.isFormerVersion) == [true])
    #expect(!kept.needsReload(sources), "a broken file is not read again until it changes")
  }

  @Test("a broken file keeps the former version serving, and a repaired one replaces it")
  func reload() throws {
    let directory = try ZoneDirectory()
    let source = ZoneSource(
      name: try Name("example.net"),
      path: try directory.write("zone", ZoneFixture.head + "x A 192.0.2.1\n"))
    let (first, _) = ZoneSet.load([source], previous: nil)
    try directory.write("zone", ZoneFixture.head + "x A nonsense\n")
    let (second, errors) = ZoneSet.load([source], previous: first)
    #expect(errors.map(\.line) == [3])
    let kept = try second.ask("x.example.net", .a)
    #expect(kept?.message.answers.count == 1)
    try FileManager.default.removeItem(atPath: source.path)
    let (third, missing) = ZoneSet.load([source], previous: second)
    #expect(missing.count == 1)
    #expect(!third.isEmpty)
    try directory.write("zone", ZoneFixture.head + "x A 192.0.2.1\nx A 192.0.2.2\n")
    #expect(third.needsReload([source]))
    let (fourth, none) = ZoneSet.load([source], previous: third)
    #expect(none == [])
    let answer = try fourth.ask("x.example.net", .a)
    #expect(answer?.message.answers.count == 2)
    #expect(fourth.summaries.map(\.isFormerVersion) == [false])
    #expect(ZoneSet.load([], previous: fourth).set.isEmpty)
    #expect(fourth.needsReload([]))
  }

  @Test("a zone listed twice is reported, and the closest of nested zones answers")
  func several() throws {
    let fixture = try ZoneFixture([
      ("example.net", ZoneFixture.head + "sub NS ns.sub\nns.sub A 192.0.2.1\n"),
      ("sub.example.net", ZoneFixture.head + "ns A 192.0.2.2\n"),
      ("Example.NET", ZoneFixture.head),
    ])
    #expect(fixture.errors.map(\.problem) == ["the zone is listed twice"])
    let reply = try fixture.set.ask("ns.sub.example.net", .a)
    #expect(
      reply?.message.answers.texts == ["ns.sub.example.net. 300 IN A 192.0.2.2"])
    // DS belongs to the parent's side of the cut.
    let signer = try fixture.set.ask("sub.example.net", .ds)
    #expect(signer?.answer.kind == .noData)
    #expect(signer?.message.authorities.first?.owner == (try Name("example.net")))
  }

  @Test("mutated zone files load or fail, and never trap")
  func mutations() throws {
    let directory = try ZoneDirectory()
    let name = try Name("example.net")
    let original = Array(
      (ZoneFixture.head
        + """
        @ NS ns1
        ns1 A 192.0.2.1
        *.w MX 10 ( ns1 ) ; remark
        d DNAME x.example.org.
        t TXT "a b" c\\100 \\"
        h HTTPS 1 svc alpn="h2,h3" ipv4hint=192.0.2.1
        u TYPE65280 \\# 4 01020304
        s SRV 1 2 3 ns1
        c CNAME c2
        l LOC 52 22 23.000 N 4 53 32.000 E -2.00m
        k DNSKEY 257 3 13 AAAA
        n NSEC a.example.net. A RRSIG
        r RRSIG A 13 3 300 20300101000000 20200101000000 1 example.net. AAAA
        g NAPTR 1 1 "u" "sip" "!^.*$!x!" .
        """).utf8)
    var random = SplitMix(seed: 42)
    var loaded = 0
    for _ in 0..<2_000 {
      var octets = original
      for _ in 0..<random.next(1...4) {
        let position = random.next(0...octets.count - 1)
        switch random.next(0...3) {
        case 0: octets[position] = UInt8(random.next(0...255))
        case 1: octets.remove(at: position)
        case 2:
          octets.insert(contentsOf: Array("\n\"( );\\$@".utf8).randomOne(&random), at: position)
        default: octets.swapAt(position, random.next(0...octets.count - 1))
        }
      }
      let path = try directory.write("zone", Data(octets))
      let (set, errors) = ZoneSet.load([ZoneSource(name: name, path: path)], previous: nil)
      #expect(set.isEmpty != errors.isEmpty)
      if !set.isEmpty {
        loaded += 1
        for type in [RRType.any, .a, .txt] { _ = try set.ask("x.w.example.net", type) }
      }
    }
    #expect(loaded > 100)
  }
}

/// SplitMix64 (Steele, Lea, Flood, 2014): the same questions and mutations in every run.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  mutating func next(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }
}

extension [UInt8] {
  func randomOne(_ random: inout SplitMix) -> [UInt8] { [self[random.next(0...count - 1)]] }
}
