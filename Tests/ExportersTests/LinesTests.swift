import Evidence
import Exporters
import Foundation
import Testing

@Suite struct LinesTests {
  private func object(_ line: String) throws -> [String: Any] {
    let any = try JSONSerialization.jsonObject(with: Data(line.utf8))
    return try #require(any as? [String: Any])
  }

  @Test("A hit becomes one line of JSON with the documented keys")
  func hitJSON() throws {
    let line = HitLines.json(
      hit(last: 1_795_317_248_000_000, count: 3, qname: wire("www", "XkQv", "biz"), matched: 4))
    #expect(!line.contains("\n"))
    let json = try object(line)
    for key in [
      "time", "last_time", "client", "client_port", "server", "transport", "qname", "matched",
      "qtype", "action", "family", "variant", "seed", "valid_from", "valid_to", "ordinal", "count",
    ] { #expect(json[key] != nil, "\(key)") }
    #expect(json["time"] as? String == "2026-11-22T03:14:07.250000Z")
    #expect(json["last_time"] as? String == "2026-11-22T03:14:08.000000Z")
    #expect(json["client"] as? String == "198.51.100.23")
    #expect(json["client_port"] as? Int == 53_817)
    #expect(json["server"] as? String == "192.0.2.53")
    #expect(json["qname"] as? String == "www.xkqv.biz")
    #expect(json["qname_raw"] as? String == "www.XkQv.biz")
    #expect(json["matched"] as? String == "xkqv.biz")
    #expect(json["valid_from"] as? String == "2026-11-22T00:00:00Z")
    #expect(json["valid_to"] is NSNull)
    #expect(json["ordinal"] as? Int == 42)
    #expect(json["count"] as? Int == 3)
    #expect(json["also"] == nil && json["payload"] == nil)
  }

  @Test("Further generators and unresolved payloads are not left out")
  func rareFields() throws {
    let other = ProvenanceMatch(provenance: .unknown, ordinal: nil)
    let json = try object(
      HitLines.json(hit(further: [other], unresolved: .init(generation: 5, payload: .max))))
    #expect((json["also"] as? [[String: Any]])?.first?["family"] as? String == "unknown")
    #expect(json["generation"] as? String == "5")
    #expect(json["payload"] as? String == "18446744073709551615")
  }

  @Test("No control character reaches a terminal or breaks a line")
  func hostileStrings() throws {
    let evil = "a\u{1b}[2J\n\u{202e}\u{9b}\"\\"
    let sample = hit(qname: wire("\u{1b}[2J\n"), family: evil, variant: evil, seed: evil)
    for line in [HitLines.text(sample), HitLines.json(sample)] {
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) })
    }
    #expect(!HitLines.text(sample).contains("\u{202e}"))
    #expect(try object(HitLines.json(sample))["family"] as? String == evil)
  }

  @Test("The table has as many columns as its head")
  func table() {
    let columns = { (line: String) in
      line.split(separator: "  ", omittingEmptySubsequences: true).count
    }
    #expect(columns(HitLines.textHeader) == columns(HitLines.text(hit())))
    #expect(HitLines.text(hit()).contains("conficker/b"))
  }

  @Test("An infection shows its aggregate, and what its episode says when there is one")
  func infection() throws {
    let infection = Infection(
      id: 1, client: ClientAddress(ipv4: 0xc633_6417), family: "necurs", variant: "", seed: "9",
      kind: .model, distinctNames: 12, hits: 30, firstMicroseconds: 0, lastMicroseconds: 1,
      qtypes: [1, 28], transports: [.udp, .dot], lastPort: 7, lastServer: ClientAddress(ipv4: 1),
      lastServerPort: 53, verifiedHits: 3)
    let plain = try object(InfectionLines.json(infection, nil))
    #expect(plain["distinct_names"] as? Int == 12)
    #expect(plain["qtypes"] as? [String] == ["A", "AAAA"])
    #expect(plain["transports"] as? [String] == ["udp", "dot"])
    #expect(plain["confidence"] == nil)
    var score = Score()
    score.reasons = ["12 names\u{7}"]
    let episode = EpisodeReport(
      id: "e", caseNumber: CaseNumber(year: 2026, count: 7), facts: CaseFacts(since: 0),
      suspect: "address:198.51.100.23", family: "necurs", first: 0, last: 1, isOpen: true,
      scope: .line, devices: 1, verifiedLookups: 3, state: EpisodeState(), score: score)
    let judged = try object(InfectionLines.json(infection, episode))
    #expect(judged["reasons"] as? [String] == ["12 names\u{7}"])
    #expect(judged["case"] as? String == "PN-2026-000007")
    #expect(judged["gate"] as? String == "recorded")
    #expect(InfectionLines.text(infection, episode).contains("- 12 names\\u{7}"))
    #expect(episode.text.contains("PN-2026-000007") && !episode.text.contains("\u{7}"))
    #expect(try object(episode.json)["distinct_names"] as? Int == 0)
    #expect(!InfectionLines.text(infection, nil).contains("\n"))
  }
}

/// What a forwarder or balancer told of a client.
@Suite struct OriginLinesTests {
  private func told(prefix: Int64, device: [UInt8] = [1, 6, 2, 0, 0x5E, 0x10, 0, 1]) -> HitRow {
    var row = hit(client: "10.1.2.0", port: 0)
    row.origin = ClientOrigin(
      prefix: prefix, device: device, relay: [198, 51, 100, 7], relayPort: 4711)
    return row
  }

  @Test("JSON has prefix, device and relay, and none of them for others")
  func json() {
    let line = HitLines.json(told(prefix: 24))
    for part in [
      "\"client\":\"10.1.2.0\"", "\"client_prefix\":\"10.1.2.0/24\"",
      "\"device\":\"mac:02:00:5e:10:00:01\"", "\"via\":\"198.51.100.7\"", "\"via_port\":4711",
    ] { #expect(line.contains(part), "\(line)") }
    for key in ["client_prefix", "device", "via"] {
      #expect(!HitLines.json(hit()).contains("\"\(key)"))
    }
    #expect(HitLines.text(told(prefix: 24)).contains("10.1.2.0/24[mac:02:00:5e:10:00:01]"))
    #expect(!HitLines.text(told(prefix: 0, device: [2, 1, 0x1B])).contains("\u{1B}"))
  }
}
