import Evidence

/// Records for tests, each field with a default.
func record(
  number: Int = 1, change: InfectionRecord.Change = .opened, time: Int64 = 1_795_317_247_250_000,
  count: UInt64 = 6, client: String = "198.51.100.23", port: UInt16 = 53_817,
  transport: String = "udp", scope: InfectionRecord.Scope = .line, family: String = "conficker",
  names: [String] = ["xkqv.biz", "qpwo.info"], isTest: Bool = false, tlp: String = "amber"
) -> InfectionRecord {
  let lookups = names.enumerated().map { index, name in
    InfectionRecord.Lookup(
      microseconds: time + Int64(index) * 1_000_000, qname: name, listedName: name, qtype: "A",
      port: port, transport: transport, action: "sinkhole", validFrom: 1_795_305_600,
      validTo: 1_795_392_000, ordinal: UInt32(index))
  }
  var record = InfectionRecord(
    id: UUIDv5.text("record \(number)"), revision: 1, change: change,
    episode: UUIDv5.text("episode \(number)"), caseNumber: "PN-2026-00000\(number)",
    day: UTCTime.day(microseconds: time), firstMicroseconds: time,
    lastMicroseconds: time + 9_000_000, episodeFirstMicroseconds: time, count: count,
    distinctNames: UInt64(names.count),
    client: InfectionRecord.Client(
      address: client, port: port, transport: transport, scope: scope),
    serverAddress: "192.0.2.53", serverPort: 53, family: family, lookups: lookups, gate: .likely,
    confidence: 0.97)
  record.variant = "b"
  record.seed = "date"
  record.isTest = isTest
  record.tlp = tlp
  record.subscriber = .init(state: .unique, key: "line-0815", source: "radius")
  return record
}

/// A record with everything that some format gives a meaning, in every text it can stand in.
func hostileRecord() -> InfectionRecord {
  let evil = "=cmd|' /C calc'!A0,\"q\";]\\<b>&\r\n\t\u{0}\u{1b}[2J\u{202e}\u{2028}é"
  var sample = record(
    family: evil,
    names: ["\\000\\010\\255.evil.example", "a,b\"c|d=e'f;g\\\\h.evil.example", "=1+1.example"])
  sample.variant = evil
  sample.seed = evil
  sample.reasons = [evil, "]]>", "--"]
  sample.resolver = evil
  sample.client.asName = evil
  sample.client.city = evil
  sample.client.device = evil
  sample.subscriber?.key = evil
  return sample
}
