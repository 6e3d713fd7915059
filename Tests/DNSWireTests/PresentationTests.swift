import DNSWire
import Testing

@Suite struct PresentationTests {
  private func text(_ type: RRType, _ rdata: [UInt8]) throws -> String {
    var reader = WireReader(rdata.span)
    return try RData(type: type, reading: &reader).description
  }

  @Test(
    "every type has its presentation format",
    arguments: [
      (.a, [192, 0, 2, 1], "192.0.2.1"),
      (.aaaa, [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1], "2001:db8::1"),
      (
        .aaaa, [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 1], "::ffff:192.0.2.1"
      ),
      (.ns, [1, 0x61, 0], "a."),
      (
        .soa, [0, 0] + (1...20).map { UInt8($0) },
        ". . 16909060 84281096 151653132 219025168 286397204"
      ),
      (.hinfo, [1, 0x22, 0], "\"\\\"\" \"\""),
      (.mx, [0, 10, 1, 0x61, 0], "10 a."),
      (.txt, [3, 0x61, 0x20, 0x5C, 2, 0, 200], "\"a \\\\\" \"\\000\\200\""),
      (.srv, [0, 1, 0, 2, 0, 53, 0], "1 2 53 ."),
      (.naptr, [0, 1, 0, 2, 1, 0x73, 0, 0, 0], "1 2 \"s\" \"\" \"\" ."),
      (.ds, [0, 1, 13, 2, 0xAB, 0xCD], "1 13 2 abcd"),
      (.sshfp, [4, 2, 0xFF], "4 2 ff"),
      (.nsec, [0, 0, 6, 0x40, 1, 0, 0, 0, 3], ". A MX RRSIG NSEC"),
      (.dnskey, [1, 1, 3, 13, 1, 2, 3, 4], "257 3 13 AQIDBA=="),
      (.nsec3, [1, 0, 0, 5, 0, 5, 0, 0x44, 0x32, 0x14, 0xC7, 0, 1, 0x40], "1 0 5 - 01234567 A"),
      (.nsec3param, [1, 0, 0, 5, 2, 0xAA, 0xBB], "1 0 5 aabb"),
      (.tlsa, [3, 1, 1, 0x0F], "3 1 1 0f"),
      (.caa, [128] + [5] + Array("issueca.example".utf8), "128 issue \"ca.example\""),
      (.init(rawValue: 65_280), [1, 2], "\\# 2 0102"),
      (.init(rawValue: 65_280), [], "\\# 0"),
    ] as [(RRType, [UInt8], String)])
  func rdata(_ type: RRType, _ rdata: [UInt8], _ expected: String) throws {
    #expect(try text(type, rdata) == expected)
  }

  @Test("times of signatures are written as dates")
  func dates() throws {
    let times: [(UInt32, String)] = [
      (0, "19700101000000"), (951_782_399, "20000228235959"), (951_782_400, "20000229000000"),
      (1_078_012_800, "20040229000000"), (.max, "21060207062815"),
      (1_735_689_599, "20241231235959"),
    ]
    for (time, expected) in times {
      #expect(RDataField.time(time).presentation == expected)
    }
  }

  /// Figures of RFC 9460 appendix D.2.
  @Test(
    "service parameters are written as RFC 9460 shows",
    arguments: [
      ([0, 3, 0, 2, 0, 53], "16 a. port=53"),
      ([0x02, 0x9B, 0, 5, 0x68, 0x65, 0x6C, 0x6C, 0x6F], "16 a. key667=\"hello\""),
      (
        [0x02, 0x9B, 0, 9, 0x68, 0x65, 0x6C, 0x6C, 0x6F, 0xD2, 0x71, 0x6F, 0x6F],
        "16 a. key667=\"hello\\210qoo\""
      ),
      (
        [0, 0, 0, 4, 0, 1, 0, 4, 0, 1, 0, 3, 2, 0x68, 0x32, 0, 4, 0, 4, 192, 0, 2, 1],
        "16 a. mandatory=alpn,ipv4hint alpn=h2 ipv4hint=192.0.2.1"
      ),
      ([0, 1, 0, 3, 2, 0x68, 0x32, 0, 2, 0, 0], "16 a. alpn=h2 no-default-alpn"),
      (
        [0, 1, 0, 12, 8, 0x66, 0x5C, 0x6F, 0x6F, 0x2C, 0x62, 0x61, 0x72, 2, 0x68, 0x32],
        "16 a. alpn=\"f\\\\\\\\oo\\\\,bar,h2\""
      ),
    ] as [([UInt8], String)])
  func serviceParameters(_ parameters: [UInt8], _ expected: String) throws {
    let shown = try text(.svcb, [0, 16, 1, 0x61, 0] + parameters)
    #expect(shown.filter { $0 != "\"" } == expected.filter { $0 != "\"" })
  }

  @Test(
    "damaged rdata is refused",
    arguments: [
      (.a, [1, 2, 3]), (.a, [1, 2, 3, 4, 5]), (.txt, []), (.txt, [5, 1]), (.caa, [0, 0]),
      (.caa, [0, 1, 0x2D]), (.nsec, [0, 0, 0]), (.nsec, [0, 0, 1, 0]),
      (.nsec, [0, 1, 1, 1, 0, 1, 1]),
      (.nsec3, [1, 0, 0, 0, 0, 0]), (.svcb, [0, 1, 0, 0, 3, 0, 1, 5]),
      (.svcb, [0, 1, 0, 0, 3, 0, 2, 0, 53, 0, 3, 0, 2, 0, 53]), (.mx, [0, 10, 0xC0, 0x02]),
    ] as [(RRType, [UInt8])])
  func damaged(_ type: RRType, _ rdata: [UInt8]) {
    #expect(throws: WireError.self) { try text(type, rdata) }
  }

  @Test("types and classes are read from their mnemonics and numbers")
  func mnemonics() {
    for number in UInt16.min...UInt16.max {
      let type = RRType(rawValue: number)
      guard RRType(type.description) == type, RRType("type\(number)") == type else {
        Issue.record("type \(number)")
        continue
      }
    }
    for number in [1, 3, 4, 254, 255, 4_711] as [UInt16] {
      let rrClass = RRClass(rawValue: number)
      #expect(RRClass(rrClass.description) == rrClass && RRClass("CLASS\(number)") == rrClass)
    }
    for text in ["", "TYPE", "TYPE65536", "TYPE+1", "TYPE-1", "QUATSCH"] {
      #expect(RRType(text) == nil)
    }
  }
}
