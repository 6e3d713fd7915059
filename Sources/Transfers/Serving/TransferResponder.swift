import Addressing
package import DNSServer
package import DNSWire
package import ZoneRecords

/// Decides what is said to a request for a zone.
package struct TransferResponder: Sendable {
  /// What is said.
  package enum Decision {
    /// An error.
    case refuse(ResponseCode)
    /// The SOA record alone: over UDP, or because the client is up to date (RFC 1995 §2).
    case soa(ZoneRecord)
    /// Messages, one after the other.
    case stream(OutgoingTransfer)
  }

  private let zones: TransferZones
  private let census: TransferCensus

  /// Answers for `zones`, as many at a time as `census` allows.
  package init(zones: TransferZones, census: TransferCensus) {
    self.zones = zones
    self.census = census
  }

  /// Decides about an AXFR or IXFR question.
  ///
  /// - Parameters:
  ///   - signer: signs the answer, nil when the request was not signed.
  ///   - ednsSize: the UDP size we state when the request had an OPT record.
  ///   - now: microseconds since 1970.
  package func decide(
    _ request: borrowing Request, _ packet: Span<UInt8>, from client: Client,
    signer: TSIGSigner?, ednsSize: Int, at now: Int64
  ) -> Decision {
    // Zones that are not there and zones that are not for this client look alike from outside.
    guard let zone = zones[Name(request.qname)],
      zone.access.allows(client.remote.address, key: signer?.key.name)
    else { return .refuse(.refused) }
    guard let content = zone.source.current() else { return .refuse(.serverFailure) }
    let known: UInt32?
    do throws(WireError) {
      known = request.qtype == .ixfr ? try Self.serial(in: packet, request) : nil
    } catch {
      return .refuse(.formatError)
    }
    if let known, known == content.serial || SerialNumber.isNewer(known, than: content.serial) {
      return .soa(content.soa)
    }
    // RFC 1995 §2: over UDP the SOA record tells the client to come by TCP. RFC 5936 §4.2 and
    // RFC 8484 know of no transfer over UDP and HTTPS.
    guard client.transport == .tcp || client.transport == .dot else {
      return known == nil ? .refuse(.refused) : .soa(content.soa)
    }
    guard let slot = census.enter() else { return .refuse(.refused) }
    let question = OutgoingTransfer.Question(
      id: request.id,
      octets: packet.extracting(Limits.headerOctets..<request.questionEnd)
        .withUnsafeBufferPointer { Array($0) },
      ednsSize: request.edns == nil ? nil : ednsSize)
    if let known, let differences = content.differences(since: known), !differences.isEmpty {
      return .stream(
        OutgoingTransfer(
          content, differences, question, signer: signer, slot: slot, at: now))
    }
    return .stream(OutgoingTransfer(content, question, signer: signer, slot: slot, at: now))
  }

  /// The serial number of the SOA record in the authority section (RFC 1995 §3).
  private static func serial(
    in packet: Span<UInt8>, _ request: borrowing Request
  ) throws(WireError) -> UInt32 {
    guard packet.word(at: 6) == 0, packet.word(at: 8) == 1 else {
      throw WireError(.badValue, at: 8)
    }
    var reader = WireReader(packet, at: request.questionEnd)
    let record = try ResourceRecord(reading: &reader)
    guard case .soa(let soa) = record.rdata, record.owner == Name(request.qname) else {
      throw WireError(.badValue, at: request.questionEnd)
    }
    return soa.serial
  }
}
