import Attribution
import Evidence
import Testing

/// Records as FreeRADIUS 3.2.1 writes them; `noon` is 2026-11-23T12:00:00Z.
@Suite struct AccountingTests {
  /// One record of a server whose clock shows UTC - 5.
  private func record(_ status: String, _ session: String, at seconds: Int64, _ lines: String...)
    -> String
  {
    let attributes =
      [
        "Acct-Status-Type = \(status)", "NAS-IP-Address = 192.0.2.250",
        "Acct-Session-Id = \"\(session)\"",
      ] + lines + ["Timestamp = \(noon / second + seconds)"]
    return "Mon Nov 23 07:00:00 2026\n" + attributes.map { "\t\($0)\n" }.joined() + "\n"
  }

  private let lineA = "User-Name = \"line-a\""
  private let lineB = "User-Name = \"line-b\""
  private let address = "Framed-IP-Address = 100.64.0.1"

  private func who(_ reading: Reading, _ seconds: Int64, _ address: String = "100.64.0.1") -> String
  {
    reading.who(address, at: noon + seconds * second)
  }

  @Test("a session lasts from its start to its stop, whatever the pieces of the file")
  func session() throws {
    let text =
      record("Start", "1", at: 0, lineA, address)
      + record("Stop", "1", at: 100, lineA, address, "Acct-Session-Time = 100")
    for chunk in [Int.max, 1, 7] {
      let reading = try Reading(.radiusDetail, [text], chunk: chunk)
      #expect(reading.flaws == [])
      #expect(who(reading, -1) == "unknown")
      #expect(who(reading, 0) == "unique line-a radius")
      #expect(who(reading, 99) == "unique line-a radius")
      #expect(who(reading, 100) == "unknown")
    }
  }

  @Test("Event-Timestamp counts before Acct-Delay-Time before the time of receipt")
  func eventTime() throws {
    let cases: [(String, Int64)] = [
      ("Acct-Delay-Time = 30", -30),
      ("Event-Timestamp = \"Nov 23 2026 11:50:00 UTC\"", -600),
      ("Event-Timestamp = \"Nov 23 2026 06:50:00 -0500\"", -600),
      ("Event-Timestamp = \(noon / second - 600)", -600),
      // The date line says 07:00:00 for noon UTC: the server's zone is five hours west.
      ("Event-Timestamp = \"Nov 23 2026 06:50:00 EST\"", -600),
    ]
    for (attribute, start) in cases {
      let text = record("Start", "1", at: 0, lineA, address, attribute, "Acct-Delay-Time = 30")
      let reading = try Reading(.radiusDetail, [text])
      #expect(who(reading, start - 1) == "unknown", "\(attribute)")
      #expect(who(reading, start) == "unique line-a radius", "\(attribute)")
    }
  }

  @Test("a stop or update without its start tells how long the session lasts")
  func lostStart() throws {
    let text =
      record("Stop", "1", at: 0, lineA, address, "Acct-Session-Time = 50")
      + record(
        "Interim-Update", "2", at: 0, lineB, "Framed-IP-Address = 100.64.0.2",
        "Acct-Session-Time = 70")
      + record("Stop", "3", at: 0, lineA, address)
    let reading = try Reading(.radiusDetail, [text])
    #expect(who(reading, -51) == "unknown")
    #expect(who(reading, -50) == "unique line-a radius")
    #expect(who(reading, 0) == "unknown")
    #expect(who(reading, -70, "100.64.0.2") == "unique line-b radius")
    #expect(
      reading.flaws == [
        "file0:19: a stop without its start and without Acct-Session-Time"
      ])
  }

  @Test("a session whose stop was lost ends two intervals after it was last heard of")
  func stale() throws {
    let text =
      record("Start", "1", at: 0, lineA, address)
      + record("Interim-Update", "1", at: 600, lineA, address)
    let reading = try Reading(.radiusDetail, [text])
    #expect(who(reading, 1799) == "unique line-a radius")
    #expect(who(reading, 1800) == "unknown")
    var options = ReaderOptions()
    options.interim = 100 * second
    let configured = try Reading(.radiusDetail, [text], options)
    #expect(who(configured, 799) == "unique line-a radius")
    #expect(who(configured, 800) == "unknown")
    let silent = try Reading(.radiusDetail, [record("Start", "1", at: 0, lineA, address)])
    #expect(who(silent, 1_000_000) == "unique line-a radius")
  }

  @Test(
    "who takes an address ends the session of who had it; two that really have it are ambiguous")
  func takenOver() throws {
    let lost =
      record("Start", "1", at: 0, lineA, address) + record("Start", "2", at: 100, lineB, address)
    let reading = try Reading(.radiusDetail, [lost])
    #expect(who(reading, 99) == "unique line-a radius")
    #expect(who(reading, 100) == "unique line-b radius")
    let both =
      lost + record("Interim-Update", "1", at: 200, lineA, address, "Acct-Session-Time = 200")
    let contested = try Reading(.radiusDetail, [both])
    #expect(who(contested, 150) == "ambiguous")
  }

  @Test("a server that starts anew ends all its sessions, and no others")
  func serverRestart() throws {
    let other = record("Start", "9", at: 0, lineB, "Framed-IP-Address = 100.64.0.9")
      .replacing("192.0.2.250", with: "192.0.2.251")
    for status in ["Accounting-On", "Accounting-Off", "7", "8"] {
      let text =
        record("Start", "1", at: 0, lineA, address) + other + record(status, "x", at: 50)
      let reading = try Reading(.radiusDetail, [text])
      #expect(who(reading, 49) == "unique line-a radius")
      #expect(who(reading, 50) == "unknown")
      #expect(who(reading, 50, "100.64.0.9") == "unique line-b radius")
    }
  }

  @Test("delegated prefixes, several addresses, and an address that changes")
  func addresses() throws {
    let text =
      record("Start", "1", at: 0, lineA, address, "Framed-IPv6-Prefix = 2001:db8:9::/64")
      + record(
        "Interim-Update", "1", at: 100, lineA, "Framed-IP-Address = 100.64.0.2",
        "Delegated-IPv6-Prefix = 2001:db8:1:200::/56", "Delegated-IPv6-Prefix = 2001:db8:2::/48")
      + record("Stop", "1", at: 200, lineA)
    let reading = try Reading(.radiusDetail, [text])
    let line = "unique line-a radius"
    #expect(who(reading, 99) == line)
    #expect(who(reading, 100) == "unknown")
    #expect(who(reading, 150, "100.64.0.2") == line)
    #expect(who(reading, 150, "2001:db8:9::1") == line)
    #expect(who(reading, 0, "2001:db8:1:2ff::1") == line)
    #expect(who(reading, 199, "2001:db8:2:fff::1") == line)
    #expect(who(reading, 200, "2001:db8:2:fff::1") == "unknown")
  }

  @Test("another attribute can be the key")
  func otherKey() throws {
    var options = ReaderOptions()
    options.key = "ADSL-Agent-Circuit-Id"
    let text = record(
      "Start", "1", at: 0, lineA, address, "ADSL-Agent-Circuit-Id = \"olt1 \\\"3\\\" 1/1\"")
    let reading = try Reading(.radiusDetail, [text], options)
    #expect(who(reading, 0) == "unique olt1 \"3\" 1/1 radius")
  }

  @Test("records that cannot be read are counted, the rest loads")
  func malformed() throws {
    let text =
      "garbage\n\tx\n\n" + "Mon Nov 23 07:00:00 2026\n\tUser-Name = \"a\"\n\n"
      + record("Start", "1", at: 0, lineA, "Framed-IP-Address = 100.64.0.256")
      + record("Start", "2", at: 0, address)
      + record("Failed", "3", at: 0, lineA, address)
      + record("Start", "4", at: 0, lineB, address)
    let reading = try Reading(.radiusDetail, [text])
    #expect(reading.output.summary.rows == 6)
    #expect(reading.output.summary.malformed == 4)
    #expect(who(reading, 0) == "unique line-b radius")
  }

  // MARK: - radacct

  private static let header =
    "RadAcctId,UserName,AcctSessionId,AcctUniqueId,NASIPAddress,AcctStartTime,AcctUpdateTime,"
    + "AcctStopTime,AcctInterval,AcctSessionTime,FramedIPAddress,DelegatedIPv6Prefix\n"

  @Test("rows of radacct from PostgreSQL and MySQL")
  func radacct() throws {
    let rows = """
      1,line-a,s1,u1,192.0.2.250,2026-11-23 12:00:00+00,2026-11-23 12:10:00+00,2026-11-23 12:20:00+00,600,1200,100.64.0.1,2001:db8:1::/56
      2,line-b,s2,u2,192.0.2.250,2026-11-23 14:30:00+02,2026-11-23 14:40:00+02,,600,600,100.64.0.1,
      3,"c, ""d"" e",s3,u3,192.0.2.250,,,2026-11-23 12:00:00+00,,60,100.64.0.3,
      4,line-e,s4,u4,192.0.2.250,sometime,,,,,100.64.0.4,
      """
    let reading = try Reading(.radacctTable, [Self.header + rows])
    #expect(reading.flaws == ["file0:5: time 'sometime' cannot be read"])
    #expect(who(reading, 1199) == "unique line-a radius")
    #expect(who(reading, 1199, "2001:db8:1:ff::1") == "unique line-a radius")
    #expect(who(reading, 1200) == "unknown")
    #expect(who(reading, 1800 + 600 + 1199) == "unique line-b radius")
    #expect(who(reading, 1800 + 600 + 1200) == "unknown")
    #expect(who(reading, -60, "100.64.0.3") == "unique c, \"d\" e radius")
    let tabs = """
      username\tacctsessionid\tacctstarttime\tacctstoptime\tframedipaddress
      line "a"\ts1\t2026-11-23 13:00:00\tNULL\t100.64.0.1
      b\ts2\t2026-11-23 13:00:00\t0000-00-00 00:00:00\t100.64.0.2
      """
    var options = ReaderOptions()
    options.utcOffset = 3600
    let local = try Reading(.radacctTable, [tabs], options)
    #expect(local.flaws == [])
    #expect(who(local, 0) == "unique line \"a\" radius")
    #expect(who(local, -1) == "unknown")
    #expect(who(local, 0, "100.64.0.2") == "unique b radius")
  }
}
