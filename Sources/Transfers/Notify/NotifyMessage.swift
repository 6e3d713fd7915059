import DNSWire
import ZoneRecords

/// A notification in wire form (RFC 1996 §3.6, §3.7), and what its answer is worth.
struct NotifyMessage: Sendable {
  let id: UInt16
  let octets: [UInt8]
  private let verifier: TSIGStreamVerifier?

  private static let opcode: UInt16 = 4 << 11
  private static let capacity = 2_048

  /// A notification of the version with this SOA record.
  init?(_ apex: Name, _ soa: ZoneRecord, key: TSIGKey?, at now: Int64) {
    let id = UInt16.random(in: 0...UInt16.max)
    var signer = key.map { TSIGSigner(key: $0) }
    let octets = WireWriter.array(capacity: Self.capacity) { writer in
      let flags = Self.opcode | HeaderFlags.authoritative.rawValue
      for word in [id, flags, 1, 1, 0, 0] { writer.append16(word) }
      writer.append(apex.wire)
      writer.append16(RRType.soa.rawValue)
      writer.append16(RRClass.internet.rawValue)
      var names = NameCompressor()
      names.append(soa, to: &writer)
      signer?.sign(&writer, at: now)
    }
    guard let octets else { return nil }
    self.id = id
    self.octets = octets
    verifier = signer.map { TSIGStreamVerifier(key: $0.key, requestMAC: $0.priorMAC) }
  }

  /// The response code, if the datagram is the answer; nil for anything else.
  func answer(_ message: Span<UInt8>, at now: Int64) -> ResponseCode? {
    guard message.count >= Limits.headerOctets, message.word(at: 0) == id else { return nil }
    let flags = HeaderFlags(rawValue: message.word(at: 2))
    guard flags.contains(.response), flags.opcode == 4 else { return nil }
    if var verifier {
      do throws(TSIGStreamError) {
        try verifier.take(message, at: now)
      } catch {
        // An unsigned refusal cannot be believed, but it tells what is wrong.
        return flags.rcode == 0 ? nil : ResponseCode(rawValue: UInt16(flags.rcode))
      }
    }
    return ResponseCode(rawValue: UInt16(flags.rcode))
  }
}
