import DNSWire
import ZoneRecords

/// A request to a primary, in wire form.
struct TransferRequestMessage {
  let id: UInt16
  let octets: [UInt8]
  /// Checks the answer, nil for an unsigned request.
  let verifier: TSIGStreamVerifier?

  /// Longest request: header, question, a SOA record and a signature.
  private static let capacity = 2_048

  /// A question of type `type` for the zone.
  ///
  /// - Parameters:
  ///   - soa: the version at hand, for IXFR (RFC 1995 §3).
  ///   - now: seconds since 1970.
  init?(_ zone: SecondaryZone, _ type: RRType, soa: ZoneRecord? = nil, at now: Int64) {
    let id = UInt16.random(in: 0...UInt16.max)
    var signer = zone.key.map { TSIGSigner(key: $0) }
    let octets = WireWriter.array(capacity: Self.capacity) { writer in
      for word in [id, 0, 1, 0, soa == nil ? 0 : 1, 0] { writer.append16(word) }
      writer.append(zone.apex.wire)
      writer.append16(type.rawValue)
      writer.append16(RRClass.internet.rawValue)
      if let soa {
        var names = NameCompressor()
        names.append(soa, to: &writer)
      }
      signer?.sign(&writer, at: now)
    }
    guard let octets else { return nil }
    self.id = id
    self.octets = octets
    verifier = signer.map { TSIGStreamVerifier(key: $0.key, requestMAC: $0.priorMAC) }
  }

  /// The serial number in the answer to a question for the SOA record.
  func serial(
    in message: Span<UInt8>, apex: Name, at now: Int64
  ) throws(TransferFault) -> UInt32 {
    var verifier = verifier
    do throws(TSIGStreamError) {
      try verifier?.take(message, at: now)
    } catch {
      throw .unsigned(error)
    }
    var walk = AnswerRecords(message)
    try walk.readHead(id: id, apex: apex)
    while walk.remaining > 0 {
      let record = try walk.next(in: apex)
      if record.type == .soa, let serial = record.serial,
        (try? Name(wire: record.owner)) == apex
      {
        return serial
      }
    }
    throw .unreadable("no SOA record in the answer; is the zone there?")
  }
}
