package import Evidence

/// A made-up record that is marked as a rehearsal: for trying a receiver.
package enum SampleRecord {
  /// A record of now, with addresses and names of documentation (RFC 5737, RFC 2606).
  package static func make(now: Int64) -> InfectionRecord {
    let day = UTCTime.day(microseconds: now)
    let name = "ponor-test.example"
    var record = InfectionRecord(
      id: UUIDv5.text(parts: ["sample", String(now)]), revision: 1, change: .opened,
      episode: UUIDv5.text(parts: ["sample episode", String(now)]), caseNumber: "PN-0000-000000",
      day: day, firstMicroseconds: now, lastMicroseconds: now, episodeFirstMicroseconds: now,
      count: 1, distinctNames: 1,
      client: InfectionRecord.Client(
        address: "192.0.2.1", port: 53_000, transport: "udp", scope: .line),
      serverAddress: "192.0.2.53", serverPort: 53, family: "test",
      lookups: [
        InfectionRecord.Lookup(
          microseconds: now, qname: name, listedName: name, qtype: "A", port: 53_000,
          transport: "udp", action: "sinkhole")
      ], gate: .confirmed, confidence: 1)
    record.resolver = "ponor"
    record.reasons = ["A rehearsal: nobody is infected."]
    record.isTest = true
    record.severity = "info"
    return record
  }
}
