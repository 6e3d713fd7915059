import Evidence

/// Hits for tests, each field with a default.
func hit(
  id: Int64 = 1, time: Int64 = 1_795_317_247_250_000, last: Int64? = nil, count: UInt64 = 1,
  client: String = "198.51.100.23", port: UInt16 = 53_817, transport: HitTransport = .udp,
  isVerified: Bool = false, qname: [UInt8] = wire("XkQv", "biz"), matched: Int = 0,
  qtype: UInt16 = 1, action: HitAction = .sinkhole, family: String = "conficker",
  variant: String = "b", seed: String = "date", kind: Provenance.Kind = .model,
  further: [ProvenanceMatch] = [], unresolved: HitRow.UnresolvedMatch? = nil
) -> HitRow {
  let provenance = Provenance(
    family: family, variant: variant, seed: seed, kind: kind, validFrom: 1_795_305_600,
    validTo: nil)
  return HitRow(
    id: id, firstMicroseconds: time, lastMicroseconds: last ?? time, count: count,
    client: ClientAddress(client) ?? ClientAddress(ipv4: 0), clientPort: port,
    server: ClientAddress(ipv4: 0xc000_0235), serverPort: 53, transport: transport,
    isVerified: isVerified, qnameWire: qname, matchedOffset: matched, qtype: qtype, action: action,
    matches: [ProvenanceMatch(provenance: provenance, ordinal: 42)] + further,
    unresolved: unresolved)
}

/// Wire form of a name.
func wire(_ labels: String...) -> [UInt8] {
  labels.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
}
