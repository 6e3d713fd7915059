import Addressing
import DNSServer
import DNSWire
import Transfers
import ZoneRecords

/// Transaction signatures, notifications and zone transfers.
extension QueryPipeline {
  /// Checks the signature of a message and answers what is no ordinary query; nil for all others.
  func answerTransaction(
    _ packet: Span<UInt8>, _ reply: inout WireWriter, _ sink: any ReplySink
  ) -> HandlerOutcome? {
    if let check = checkSignature(packet) { return refuseSignature(check, packet, &reply) }
    if request.flags.opcode != 0 { return answerNotification(packet, &reply) }
    guard request.qtype == .axfr || request.qtype == .ixfr, request.qclass == .internet else {
      return nil
    }
    return answerTransfer(packet, &reply, sink)
  }

  // MARK: - Signatures (RFC 8945)

  /// Checks the signature, if there is one; the answer is then signed, too.
  ///
  /// - Returns: what is wrong with it, nil if nothing is.
  func checkSignature(_ packet: Span<UInt8>) -> TSIGCheck? {
    if signer != nil { signer = nil }
    guard request.signatureStart > 0 else { return nil }
    let check = TSIGCheck(packet, keys: state.parts.transfers.keys, at: now / 1_000_000)
    switch check {
    case .unsigned: return nil
    case .valid(let good):
      signer = good
      request.signatureRoom = good.key.signatureOctets
      return nil
    case .refused, .malformed: return check
    }
  }

  private func refuseSignature(
    _ check: TSIGCheck, _ packet: Span<UInt8>, _ reply: inout WireWriter
  ) -> HandlerOutcome {
    guard case .refused(let failure) = check else {
      counters.count(.formatError)
      return refuse(.formatError, nil, packet, &reply)
    }
    counters.count(.refused)
    request.signatureRoom = failure.octets
    let outcome = refuse(.notAuthoritative, nil, packet, &reply)
    reply.setLimit(reply.count + failure.octets)
    failure.append(to: &reply)
    return outcome
  }

  /// Signs a finished reply, which has left room for it.
  func sign(_ reply: inout WireWriter, _ limit: Int) {
    reply.setLimit(limit + request.signatureRoom)
    signer?.sign(&reply, at: now / 1_000_000)
  }

  // MARK: - Notifications (RFC 1996)

  private func answerNotification(
    _ packet: Span<UInt8>, _ reply: inout WireWriter
  ) -> HandlerOutcome {
    guard request.qtype == .soa, request.qclass == .internet else {
      counters.count(.notImplemented)
      return refuse(.notImplemented, nil, packet, &reply)
    }
    let rcode =
      state.parts.transfers.gate?.take(
        Name(request.qname), from: client.remote.address, key: signer?.key.name)
      ?? .notAuthoritative
    counters.count(rcode == .noError ? .authoritative : .refused)
    let limit = begin(packet, &reply)
    var traits = ReplyTraits()
    traits.rcode = rcode
    // §3.7: the answer is the request with QR set.
    traits.isAuthoritative = rcode == .noError
    return finish(traits, limit, &reply)
  }

  // MARK: - Transfers (RFC 5936, RFC 1995)

  private func answerTransfer(
    _ packet: Span<UInt8>, _ reply: inout WireWriter, _ sink: any ReplySink
  ) -> HandlerOutcome {
    let transfers = state.parts.transfers
    let decision = TransferResponder(zones: transfers.zones, census: transfers.census).decide(
      request, packet, from: client, signer: signer, ednsSize: state.parts.udpPayload, at: now)
    switch decision {
    case .refuse(let rcode):
      counters.count(.refused)
      return refuse(rcode, rcode == .refused ? .prohibited : nil, packet, &reply)
    case .soa(let record):
      counters.count(.authoritative)
      let limit = begin(packet, &reply)
      record.append(to: &reply)
      var traits = ReplyTraits()
      traits.isAuthoritative = true
      traits.counts.answer = 1
      return finish(traits, limit, &reply)
    case .stream(let transfer):
      guard sink.stream(transfer) else {
        transfer.ended()
        counters.count(.refused)
        return refuse(.refused, .notSupported, packet, &reply)
      }
      counters.count(.authoritative)
      return .stream
    }
  }
}
