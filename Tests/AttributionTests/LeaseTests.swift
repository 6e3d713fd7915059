import Attribution
import Evidence
import Testing

/// Lease files as Kea 2.2 and 3.0 and ISC dhcpd 4.4.3 write them; `noon` is 2026-11-23T12:00:00Z.
@Suite struct LeaseTests {
  private let noonSeconds = noon / second

  private func who(_ reading: Reading, _ seconds: Int64, _ address: String) -> String {
    reading.who(address, at: noon + seconds * second)
  }

  private static let kea4 =
    "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n"

  @Test("Kea's rows are a history: renewed, expired, given to another")
  func kea4History() throws {
    let rows = """
      192.0.2.10,02:00:5e:00:00:01,,600,\(noonSeconds + 600),1,0,0,vm,0,
      192.0.2.10,02:00:5e:00:00:01,,600,\(noonSeconds + 900),1,0,0,vm,0,
      192.0.2.10,02:00:5e:00:00:01,,600,\(noonSeconds + 900),1,0,0,vm,2,
      192.0.2.10,02:00:5e:00:00:02,,600,\(noonSeconds + 1800),1,0,0,a&#x2c b,0,{ "x": "1" &#x2c "y": 2 }
      192.0.2.10,02:00:5e:00:00:02,,0,\(noonSeconds + 1200),1,0,0,,0,
      192.0.2.10,02:00:5e:00:00:03,,600,\(noonSeconds + 1900),1,0,0,,0,
      """
    let reading = try Reading(.kea4, [Self.kea4 + rows])
    #expect(reading.flaws == [])
    #expect(who(reading, -1, "192.0.2.10") == "unknown")
    #expect(who(reading, 0, "192.0.2.10") == "unique 02:00:5e:00:00:01 kea")
    #expect(who(reading, 899, "192.0.2.10") == "unique 02:00:5e:00:00:01 kea")
    #expect(who(reading, 900, "192.0.2.10") == "unknown")
    // Deleted some time after 1200; somebody else had it from 1300 on.
    #expect(who(reading, 1299, "192.0.2.10") == "unique 02:00:5e:00:00:02 kea")
    #expect(who(reading, 1300, "192.0.2.10") == "unique 02:00:5e:00:00:03 kea")
  }

  @Test("older files come before the current one, and what they repeat changes nothing")
  func keaFiles() throws {
    let old = "192.0.2.10,02:00:5e:00:00:01,,600,\(noonSeconds + 600),1,0,0,vm,0,\n"
    let new = "192.0.2.10,02:00:5e:00:00:02,,600,\(noonSeconds + 1600),1,0,0,vm,0,\n"
    #expect(
      SourceFormat.kea4.files("/x/l.csv") == [
        "/x/l.csv.2", "/x/l.csv.completed", "/x/l.csv.1", "/x/l.csv",
      ])
    let reading = try Reading(.kea4, [Self.kea4 + old, Self.kea4 + new, Self.kea4 + old + new])
    #expect(reading.flaws == [])
    #expect(who(reading, 1, "192.0.2.10") == "unique 02:00:5e:00:00:01 kea")
    #expect(who(reading, 1001, "192.0.2.10") == "unique 02:00:5e:00:00:02 kea")
  }

  @Test("columns are found by name: other orders, other columns, other keys")
  func keaColumns() throws {
    let text = """
      hwtype,state,expire,address,pool_id,user_context,valid_lifetime,client_id
      1,0,\(noonSeconds + 60),192.0.2.10,0,{ "ISC": { "relay-agent-info": { "sub-options": "0x0104706f727402026f6c" } } },60,01:02
      1,0,\(noonSeconds + 60),192.0.2.11,0,{ "ISC": { "relay-agent-info": "0x0102ff00" } },60,01:03
      1,0,\(noonSeconds + 60),192.0.2.12,0,,60,01:04
      """
    var options = ReaderOptions()
    options.key = "client_id"
    #expect(who(try Reading(.kea4, [text], options), 0, "192.0.2.10") == "unique 01:02 kea")
    options.key = "circuit-id"
    let relayed = try Reading(.kea4, [text], options)
    #expect(who(relayed, 0, "192.0.2.10") == "unique port kea")
    #expect(who(relayed, 0, "192.0.2.11") == "unique 0xff00 kea")
    #expect(relayed.output.summary.malformed == 1)
    options.key = "remote-id"
    #expect(who(try Reading(.kea4, [text], options), 0, "192.0.2.10") == "unique ol kea")
  }

  @Test("a declined address belongs to nobody, a bad row is counted")
  func keaStates() throws {
    let rows = """
      192.0.2.10,02:00:5e:00:00:01,,600,\(noonSeconds + 600),1,0,0,vm,0,
      192.0.2.10,,,86400,\(noonSeconds + 86700),1,0,0,,1,
      192.0.2.300,02:00:5e:00:00:01,,600,\(noonSeconds + 600),1,0,0,vm,0,
      192.0.2.11,02:00:5e:00:00:01,,x,\(noonSeconds + 600),1,0,0,vm,0,
      192.0.2.11,02:00:5e:00:00:01,,600,\(noonSeconds + 600),1,0,0,vm,9,
      192.0.2.12,02:00:5e:00:00:09,,4294967295,\(noonSeconds),1,0,0,vm,0,
      """
    let reading = try Reading(.kea4, [Self.kea4 + rows])
    #expect(reading.output.summary.malformed == 3)
    #expect(who(reading, 299, "192.0.2.10") == "unique 02:00:5e:00:00:01 kea")
    #expect(who(reading, 300, "192.0.2.10") == "unknown")
    #expect(who(reading, 1 << 33, "192.0.2.12") == "unique 02:00:5e:00:00:09 kea")
  }

  @Test("Kea's DHCPv6 rows: addresses and delegated prefixes")
  func kea6() throws {
    let text = """
      address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source
      2001:db8:5::100,00:01:51,600,\(noonSeconds + 600),1,300,0,7,128,0,0,,02:00:5e:10:00:51,0,,1,2
      2001:db8:100::,00:01:51,600,\(noonSeconds + 600),1,300,2,7,56,0,0,,02:00:5e:10:00:51,0,,1,2
      2001:db8:101::,00:01:51,600,\(noonSeconds + 600),1,300,2,7,0,0,0,,02:00:5e:10:00:51,0,,1,2
      """
    let reading = try Reading(.kea6, [text])
    #expect(reading.output.summary.malformed == 1)
    #expect(who(reading, 0, "2001:db8:5::100") == "unique 00:01:51 kea")
    #expect(who(reading, 0, "2001:db8:5::101") == "unknown")
    #expect(who(reading, 0, "2001:db8:100:ff::9") == "unique 00:01:51 kea")
  }

  @Test("Kea's legal log knows when a lease was released")
  func legalLog() throws {
    let device = "a device with hardware address: hwtype=1 02:00:5e:00:00:01, client-id: 17:34:e2"
    let relay = "connected via relay at address: 192.0.2.33, identified by circuit-id: 68:6f (ho 1)"
    let text = """
      2026-11-23 12:00:00 UTC Address: 192.0.2.10 has been assigned for 1 hrs 0 min 0 secs to \(device) \(relay) and remote-id: 87:f6
      2026-11-23 12:20:00 UTC Address: 192.0.2.10 has been renewed for 1 hrs 0 min 0 secs to \(device) \(relay)
      2026-11-23 12:30:00 UTC Address: 192.0.2.10 has been released from \(device)
      2026-11-23 12:00:00 UTC Prefix: 2001:db8:1::/56 has been assigned for 0 hrs 10 min 0 secs to a device with DUID: 17:34 and hardware address: hwtype=1 02:00
      2026-11-23 12:00:00 CET Address: 192.0.2.11 has been assigned for 1 hrs 0 min 0 secs to \(device)
      2026-11-23 12:00:00 UTC Administrator deleted a lease for address: 192.0.2.10
      nonsense
      """
    let reading = try Reading(.keaLegalLog, [text])
    #expect(reading.output.summary.malformed == 2)
    #expect(reading.flaws.first?.contains("set utc_offset") == true)
    #expect(who(reading, 1799, "192.0.2.10") == "unique 02:00:5e:00:00:01 kea")
    #expect(who(reading, 1800, "192.0.2.10") == "unknown")
    #expect(who(reading, 599, "2001:db8:1:7::1") == "unique 17:34 kea")
    #expect(who(reading, 600, "2001:db8:1:7::1") == "unknown")
    var options = ReaderOptions()
    options.utcOffset = 3600
    options.key = "circuit-id"
    let local = try Reading(.keaLegalLog, [text], options)
    #expect(who(local, 0, "192.0.2.10") == "unique ho 1 kea")
    options.key = nil
    let east = try Reading(.keaLegalLog, [text], options)
    #expect(who(east, -3600, "192.0.2.11") == "unique 02:00:5e:00:00:01 kea")
  }

  // MARK: - ISC dhcpd

  private func lease(
    _ address: String, _ starts: String, _ ends: String, _ state: String, _ mac: String = "01"
  ) -> String {
    """
    lease \(address) {
      starts 1 \(starts);
      ends \(ends == "never" ? ends : "1 " + ends);
      cltt 1 \(starts);
      binding state \(state);
      next binding state free;
      hardware ethernet 02:00:5e:00:00:\(mac);
      uid "\\001\\002\\000^{;\\"";
      set vendor-class-identifier = "a { b;";
      option agent.circuit-id "olt 1";
      client-hostname "vm";
    }

    """
  }

  @Test("dhcpd's declarations are a history: renewed, released, given to another")
  func dhcpd() throws {
    let text =
      "# comment {\nauthoring-byte-order little-endian;\n\nserver-duid \"\\000\\001{\";\n"
      + "failover peer \"x\" state {\n  my state normal at 1 2026/11/23 12:00:00;\n}\n"
      + lease("192.0.2.10", "2026/11/23 12:00:00", "2026/11/23 12:10:00", "active")
      + lease("192.0.2.10", "2026/11/23 12:05:00", "2026/11/23 12:15:00", "active")
      + lease("192.0.2.10", "2026/11/23 12:05:00", "2026/11/23 12:07:00", "free")
      + lease("192.0.2.10", "2026/11/23 12:20:00", "never", "active", "02")
      + lease("192.0.2.11", "2026/11/23 12:00:00", "2026/11/23 12:10:00", "abandoned")
    for chunk in [Int.max, 1] {
      let reading = try Reading(.dhcpd, [text], chunk: chunk)
      #expect(reading.flaws == [])
      #expect(who(reading, -1, "192.0.2.10") == "unknown")
      #expect(who(reading, 419, "192.0.2.10") == "unique 02:00:5e:00:00:01 dhcpd")
      #expect(who(reading, 420, "192.0.2.10") == "unknown")
      #expect(who(reading, 1_000_000, "192.0.2.10") == "unique 02:00:5e:00:00:02 dhcpd")
      #expect(who(reading, 1, "192.0.2.11") == "unknown")
    }
  }

  @Test("local times have their epoch; other keys can be chosen")
  func dhcpdOptions() throws {
    let text = lease("192.0.2.10", "x", "y", "active")
      .replacing("1 x;", with: "epoch \(noonSeconds); # Mon Nov 23 13:00:00 2026")
      .replacing("1 y;", with: "epoch \(noonSeconds + 60); # Mon Nov 23 13:01:00 2026")
    for (key, shown) in [
      (nil, "02:00:5e:00:00:01"), ("uid", "01:02:00:5e:7b:3b:22"), ("circuit-id", "olt 1"),
      ("client-hostname", "vm"),
    ] {
      var options = ReaderOptions()
      options.key = key
      let reading = try Reading(.dhcpd, [text], options)
      #expect(reading.flaws == [])
      #expect(who(reading, 59, "192.0.2.10") == "unique \(shown) dhcpd")
      #expect(who(reading, 60, "192.0.2.10") == "unknown")
    }
  }

  @Test("dhcpd6: addresses and prefixes of an identity; its DUID is the key")
  func dhcpd6() throws {
    let text = """
      server-duid "\\000\\001\\000\\0012";

      ia-na "Q\\000\\020^\\000\\001\\000\\0012\\237\\262\\325\\002\\000^\\020\\000Q" {
        cltt 1 2026/11/23 12:00:00;
        iaaddr 2001:db8:5::1ef {
          binding state active;
          preferred-life 375;
          max-life 600;
          ends 1 2026/11/23 12:10:00;
          set ddns-fwd-name = "x";
        }
      }

      ia-pd "Q\\000\\020^\\000\\001\\000\\0012\\237\\262\\325\\002\\000^\\020\\000Q" {
        cltt 1 2026/11/23 12:00:00;
        iaprefix 2001:db8:1ff::/56 {
          binding state active;
          ends 1 2026/11/23 12:10:00;
        }
        iaprefix 2001:db8:1fe::/56 {
          binding state expired;
          ends 1 2026/11/23 12:05:00;
        }
      }
      """
    let reading = try Reading(.dhcpd, [text])
    let line = "unique 00:01:00:01:32:9f:b2:d5:02:00:5e:10:00:51 dhcpd"
    #expect(reading.flaws == [])
    #expect(who(reading, 0, "2001:db8:5::1ef") == line)
    #expect(who(reading, 599, "2001:db8:1ff:fe::1") == line)
    #expect(who(reading, 299, "2001:db8:1fe:fe::1") == line)
    #expect(who(reading, 300, "2001:db8:1fe:fe::1") == "unknown")
  }

  @Test("a lease that cannot be read is counted with the line it begins on")
  func dhcpdMalformed() throws {
    let good = lease("192.0.2.10", "2026/11/23 12:00:00", "2026/11/23 12:10:00", "active")
    let text =
      good.replacing("192.0.2.10", with: "192.0.2") + good.replacing("12:00:00", with: "noon")
      + good + "lease 192.0.2.12 {\n  starts 1 2026/11/23 12:00:00;\n"
    let reading = try Reading(.dhcpd, [text])
    #expect(reading.output.summary.malformed == 3)
    #expect(
      reading.flaws == [
        "file0:1: the lease's address cannot be read",
        "file0:13: statement 'starts 1 2026/11/23 noon' cannot be read",
        "file0:37: the file ends within a lease",
      ])
    #expect(who(reading, 0, "192.0.2.10") == "unique 02:00:5e:00:00:01 dhcpd")
  }
}
