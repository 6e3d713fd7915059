import Evidence
import Testing

@Suite("The binary form of records and days") struct RecordCodingTests {
  private static func record() -> InfectionRecord {
    var client = InfectionRecord.Client(
      address: "2001:db8::1", port: 65_535, transport: "dot", scope: .forwarder)
    client.prefixLength = 56
    client.device = "mac:02:00:5e:10:00:01"
    client.relay = "192.0.2.1"
    client.relayPort = 53
    client.asn = 4_200_000_000
    client.asName = "Ü\u{202e}=1|\"\n"
    client.country = "NO"
    client.city = ""
    let lookup = InfectionRecord.Lookup(
      microseconds: 7, qname: "a\\010b.example", listedName: "example", qtype: "TYPE65535",
      port: 1, transport: "doh", action: "nxdomain", validFrom: -1, validTo: nil, ordinal: .max)
    var record = InfectionRecord(
      id: "id", revision: 3, change: .withdrawn, episode: "ep", caseNumber: "PN-2026-000001",
      day: "2026-11-23", firstMicroseconds: 5, lastMicroseconds: .max,
      episodeFirstMicroseconds: -9, count: .max, distinctNames: 0, client: client,
      serverAddress: "192.0.2.53", serverPort: 53, family: "f", lookups: [lookup, lookup],
      gate: .confirmed, confidence: 0.1)
    record.subscriber = .init(state: .unique, key: "k", source: nil)
    record.probabilities = ["benign": 0.25, "infected": .leastNonzeroMagnitude]
    record.terms = [.init(name: "name:x", value: -9.21), .init(name: "prior", value: .infinity)]
    record.reasons = ["because", ""]
    record.clockSkewDays = -400
    record.isTest = true
    return record
  }

  @Test("what is written is read again, whatever is in it")
  func roundTrip() throws {
    let record = Self.record()
    #expect(InfectionRecord(decoding: record.encoded()) == record)
    var long = record
    long.resolver = String(repeating: "ü", count: 5000)
    #expect(InfectionRecord(decoding: long.encoded())?.resolver.utf8.count == 4096)
    var day = DaySummary(day: 20_000)
    #expect(DaySummary(decoding: day.encoded()) == day)
    day.client = ClientAddress(ipv4: 0xc000_0201)
    day.subscriber = .init(state: .ambiguous)
    for key in 0..<2000 { day.names.add(UInt64(key) &* 0x9e37_79b9_7f4a_7c15) }
    #expect(DaySummary(decoding: day.encoded()) == day)
    #expect(day.names.isEstimate && (1700...2300).contains(day.names.count))
  }

  @Test("damaged octets give nothing, and never a crash")
  func damage() {
    let octets = [Self.record().encoded(), DaySummary(day: 1).encoded()]
    var generator = SystemRandomNumberGenerator()
    for original in octets {
      for length in 0..<original.count {
        #expect(InfectionRecord(decoding: Array(original.prefix(length))) == nil)
      }
      for _ in 0..<5000 {
        var damaged = original
        for _ in 0..<3 {
          damaged[Int.random(in: damaged.indices, using: &generator)] = .random(
            in: 0...255, using: &generator)
        }
        _ = InfectionRecord(decoding: damaged)
        _ = DaySummary(decoding: damaged)
      }
    }
  }
}
