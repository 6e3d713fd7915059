import DNSServer
import DNSWire

/// What surrounds the sections of every reply.
extension QueryPipeline {
  func refuse(
    _ rcode: ResponseCode, _ error: ExtendedError?, _ packet: Span<UInt8>,
    _ reply: inout WireWriter
  ) -> HandlerOutcome {
    let limit = begin(packet, &reply)
    var traits = ReplyTraits()
    traits.rcode = rcode
    traits.error = error
    // RFC 8906 §8.1.4: of an operation we do not know we offer nothing.
    traits.recursionAvailable = request.flags.opcode == 0 && view.offersRecursion(to: client)
    return finish(traits, limit, &reply)
  }

  /// Starts the reply.
  ///
  /// - Returns: the octets it may have.
  func begin(_ packet: Span<UInt8>, _ reply: inout WireWriter) -> Int {
    let limit = replyLimit - request.signatureRoom
    ReplyFrame.begin(
      packet, questionEnd: request.questionEnd, limit: limit, optRoom: optRoom, into: &reply)
    return limit
  }

  /// Most octets the reply may have: TCP carries anything, UDP what the client and we agree on.
  private var replyLimit: Int {
    // A datagram on either side of a balancer bounds the reply.
    guard client.transport.isUDP || client.carrier.isUDP else { return Limits.messageOctets }
    return min(request.edns?.udpSize ?? Limits.udpWithoutEDNS, state.parts.udpPayload)
  }

  /// Octets kept free for OPT.
  var optRoom: Int {
    guard request.edns != nil else { return 0 }
    return ReplyFrame.optRoom(
      identifierOctets: asksForIdentifier ? state.identifier.count : 0,
      optionOctets: options.octets)
  }

  private var asksForIdentifier: Bool { request.edns?.wantsNSID == true }

  /// Counts an answer that goes out.
  @inline(__always)
  func counted(_ outcome: HandlerOutcome) -> HandlerOutcome {
    guard outcome == .reply else { return outcome }
    counters.responses.count(
      client.transport, request.questionEnd > 0 ? request.qtype.rawValue : 0, finishedCode)
    return outcome
  }

  func finish(
    _ traits: ReplyTraits, _ limit: Int, errorText: [UInt8] = [], _ reply: inout WireWriter
  ) -> HandlerOutcome {
    finishedCode = traits.rcode
    var traits = traits
    ReplyFrame.endSections(
      &traits, questionEnd: request.questionEnd, limit: limit, into: &reply)
    if request.edns != nil { appendOPT(&traits, limit, errorText, &reply) }
    ReplyFrame.fillHeader(
      traits, id: request.id, flags: request.flags, hasQuestion: request.questionEnd > 0,
      into: &reply)
    if signer != nil { sign(&reply, limit) }
    return .reply
  }

  private func appendOPT(
    _ traits: inout ReplyTraits, _ limit: Int, _ errorText: [UInt8], _ reply: inout WireWriter
  ) {
    guard let edns = request.edns else { return }
    ReplyFrame.appendOPT(
      edns, &traits, limit: limit, udpPayload: state.parts.udpPayload, errorText: errorText,
      identifier: asksForIdentifier ? state.identifier : [], options: options,
      stream: state.parts.idleTimes.traits(of: client.carrier), into: &reply)
  }
}
