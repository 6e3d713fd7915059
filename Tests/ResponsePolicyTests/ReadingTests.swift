import DNSWire
import ResponsePolicy
import Testing

@Suite struct ReadingTests {
  private static let head = """
    $TTL 300
    @ SOA ns.rpz.test. hostmaster.rpz.test. 2026112901 3600 600 86400 60
    @ NS ns.rpz.test.

    """

  @Test("every action is read, however it is written") func everyActionIsReadHoweverItIsWritten()
    throws
  {
    let found = try rules(
      Self.head + """
        gone.example CNAME .
        nodata.example 60 IN CNAME *.
        pass.example	IN	60	CNAME	rpz-passthru. ; trusted
        drop.example CNAME RPZ-DROP.
        tcp.example.rpz.test. cname rpz-tcp-only.
        old.example CNAME old.example.
        many.example (
          300 CNAME . )
        data.example A 192.0.2.1
                     A 192.0.2.2
        data.example AAAA 2001:db8::1
        alias.example CNAME www.garden.example.
        wild.example CNAME *.garden.example.
        """)
    #expect(try rule(found, "gone.example") == .nxdomain)
    #expect(try rule(found, "nodata.example") == .nodata)
    #expect(try rule(found, "pass.example") == .passthru)
    #expect(try rule(found, "drop.example") == .drop)
    #expect(try rule(found, "tcp.example") == .tcpOnly)
    #expect(try rule(found, "old.example") == .passthru)
    #expect(try rule(found, "many.example") == .nxdomain)
    let data = try #require(try rule(found, "DATA.example").dataIndex)
    var cursor = found.data.cursor(of: data)
    var types: [RRType] = []
    while let record = found.data.next(&cursor) { types.append(record.type) }
    #expect(types == [.a, .a, .aaaa])
    #expect(try rule(found, "alias.example").dataIndex != nil)
    #expect(try rule(found, "wild.example").dataIndex != nil)
    #expect(found.serial == 2_026_112_901)
    #expect(found.soaTTL == 60)
    #expect(found.skipped.total == 0, "\(found.examples)")
  }

  @Test("bad records are counted by reason and cost nothing but themselves")
  func badRecordsAreCountedByReasonAndCostNothingButThemselves() throws {
    let found = try rules(
      Self.head + """
        good.example CNAME .
        GOOD.example CNAME .
        good.example A 192.0.2.1
        *. CNAME .
        * CNAME .
        @ CNAME .
        outside.example. CNAME .
        what.example CNAME rpz-something.
        33.0.0.0.10.rpz-ip CNAME .
        8.1.0.0.10.rpz-ip CNAME .
        nonsense.rpz-client-ip CNAME .
        24.0.0.0.10.rpz-ip CNAME .
        signed.example RRSIG A 8 2 300 20300101000000 20200101000000 1 example. AAAA
        tree.example DNAME example.
        chaos.example CH TXT "x"
        \(String(repeating: "a", count: 64)).example CNAME .
        broken.example A not-an-address
        also.good.example CNAME .
        """)
    #expect(try rule(found, "good.example") == .nxdomain)
    #expect(try rule(found, "also.good.example") == .nxdomain)
    let expected: [SkipReason: Int] = [
      .duplicate: 1, .conflict: 1, .root: 2, .outOfZone: 2, .unknownAction: 1, .badPrefix: 3,
      .dnssec: 1, .unsupportedType: 1, .notInternet: 1, .tooLong: 1, .syntax: 1,
    ]
    for reason in SkipReason.allCases {
      #expect(found.skipped[reason] == expected[reason] ?? 0, "\(reason.word) \(found.examples)")
    }
    #expect(found.answers.count == 1)
  }

  @Test("rules for protected names are left out, rules that let them through are not")
  func rulesForProtectedNamesAreLeftOutRulesThatLetThemThroughAreNot() throws {
    let text = """
      com CNAME .
      *.com CNAME .
      google.com CNAME .
      *.google.com CNAME .
      pass.microsoft.com CNAME rpz-passthru.
      evil.example CNAME .
      """
    let guarded = try rules(text, isGuarded: true)
    #expect(guarded.skipped[.protected] == 4)
    #expect(try rule(guarded, "www.google.com") == .none)
    #expect(try rule(guarded, "pass.microsoft.com") == .passthru)
    #expect(try rule(guarded, "evil.example") == .nxdomain)
    #expect(try rule(try rules(text), "google.com") == .nxdomain)
  }

  @Test("chunks of any size give the same rules", arguments: [1, 2, 7, 64])
  func chunksOfAnySizeGiveTheSameRules(_ size: Int) throws {
    let text =
      Self.head + (0..<200).map { "n\($0).example CNAME .\n*.n\($0).example CNAME .\n" }.joined()
      + "t.example TXT ( \"a;b\" ; comment\n \"c\" )\nlast.example CNAME *."
    let whole = try rules(text)
    let pieces = try rules(text, chunk: size)
    #expect(whole.ruleCount == 402)
    #expect(pieces.ruleCount == whole.ruleCount)
    #expect(pieces.skipped == whole.skipped)
    #expect(try rule(pieces, "last.example") == .nodata)
    #expect(try rule(pieces, "x.n77.example") == .nxdomain)
  }

  @Test("origins change what relative names mean") func originsChangeWhatRelativeNamesMean() throws
  {
    let found = try rules(
      """
      $ORIGIN sub.rpz.test.
      a CNAME .
      $ORIGIN elsewhere.test.
      b CNAME .
      $ORIGIN rpz.test.
      c CNAME .
      """)
    #expect(try rule(found, "a.sub") == .nxdomain)
    #expect(found.skipped[.outOfZone] == 1)
    #expect(try rule(found, "c") == .nxdomain)
  }

  @Test("plain names take at most 16 octets each") func plainNamesTakeAtMost16OctetsEach() throws {
    let text = (0..<50_000).map { "n\($0).example CNAME .\n*.n\($0).example CNAME .\n" }.joined()
    let found = try rules(text)
    #expect(found.names.count == 100_000)
    #expect(found.names.nodeCount == 50_001)
    #expect(found.memory <= 16 * 50_001)
  }
}
