import Addressing
import DNSServer
import DNSWire
import Policy
import ResponsePolicy

/// Telling queries and responses to who listens in (docs/dnstap.md).
extension QueryPipeline {
  /// Notes a hit of the index for when the messages are told.
  @inline(__always)
  func noteTapped(_ verdict: Verdict, _ name: Span<UInt8>) {
    guard state.tapSerial != 0 else { return }
    keepTapped(Self.tappedHit(verdict, state.generation, challenges(verdict)), name)
  }

  /// Notes a hit of a response policy zone.
  @inline(__always)
  func noteTapped(_ outcome: PolicyOutcome, _ hit: Hit, _ name: Span<UInt8>) {
    guard state.tapSerial != 0 else { return }
    let action: UInt8 =
      switch outcome {
      case .nxdomain: 1
      case .nodata: 2
      case .passthru, .logged: 3
      case .drop: 4
      case .tcpOnly: 5
      case .data: 6
      }
    let match: UInt8 =
      switch PolicyTrigger(rawValue: UInt8(truncatingIfNeeded: hit.verdict.payload)) {
      case .name, nil: 1
      case .client: 2
      case .answer: 3
      case .serverName: 4
      case .serverAddress: 5
      }
    let tapped = TappedMessage.Hit(
      action: action, match: match, offset: UInt8(truncatingIfNeeded: hit.verdict.offset),
      payload: hit.verdict.payload, generation: hit.generation)
    keepTapped(tapped, name)
  }

  private static func tappedHit(
    _ verdict: Verdict, _ generation: UInt64, _ isChallenged: Bool
  ) -> TappedMessage.Hit {
    let action: UInt8 =
      switch verdict.action {
      case .sinkhole: 6
      case .nxdomain: 1
      case .observe, .colliding: 3
      }
    return TappedMessage.Hit(
      action: isChallenged ? 5 : action, match: 1,
      offset: UInt8(truncatingIfNeeded: verdict.offset), payload: verdict.payload,
      generation: generation)
  }

  @inline(never)
  private func keepTapped(_ hit: TappedMessage.Hit, _ name: Span<UInt8>) {
    tapState.hit = hit
    tapState.nameCount = min(name.count, tapState.name.count)
    for index in 0..<tapState.nameCount { tapState.name[index] = name[index] }
  }

  /// Takes the tap in force, after a reload another one or none.
  func adoptTap() {
    guard tapState.serial != state.tapSerial else { return }
    tapState.serial = state.tapSerial
    tapState.sample = state.parts.tap?.sample ?? 0
    tapState.tap = state.parts.tap?.makeTap()
  }

  /// Tells a query, and its response if there is one by now.
  @inline(never)
  func tapHandled(
    _ outcome: HandlerOutcome, _ packet: Span<UInt8>, _ reply: inout WireWriter
  ) {
    adoptTap()
    defer { tapState.hit = nil }
    guard tapState.hit != nil || isSampled(packet) else { return }
    tell(isResponse: false, queryTime: now, packet)
    guard outcome == .reply else { return }
    reply.withWritten { tell(isResponse: true, queryTime: now, $0) }
  }

  /// Tells a response that waited for recursion, and its query if only now it is known for a hit.
  @inline(never)
  func tapFinished(
    _ outcome: HandlerOutcome, _ packet: Span<UInt8>, _ reply: inout WireWriter
  ) {
    adoptTap()
    defer { tapState.hit = nil }
    if tapState.hit != nil {
      if !isSampled(packet) { tell(isResponse: false, queryTime: nil, packet) }
    } else if view.parts.recordsHits, let verdict = verdict(on: request.qname) {
      // Told as a hit when it came: its response belongs to it.
      noteTapped(verdict, request.qname.originalBytes)
    }
    guard outcome == .reply, tapState.hit != nil || isSampled(packet) else { return }
    reply.withWritten { tell(isResponse: true, queryTime: nil, $0) }
  }

  private func tell(isResponse: Bool, queryTime: Int64?, _ octets: Span<UInt8>) {
    // The clock is read in the process itself (vdso), not by a system call.
    let message = TappedMessage(
      isResponse: isResponse, client: client, queryTime: queryTime,
      responseTime: isResponse ? UTCClock.microseconds() : nil, hit: tapState.hit)
    let count = tapState.hit == nil ? 0 : tapState.nameCount
    let name = tapState.name
    let octetsOfName = name.span.extracting(0..<count)
    tapState.tap?.take(message, name: octetsOfName, octets: octets)
  }

  /// Whether a query that is no hit is told.
  ///
  /// It depends on the query alone, so that it is the same for its response on another thread.
  private func isSampled(_ packet: Span<UInt8>) -> Bool {
    guard tapState.sample > 0 else { return false }
    guard tapState.sample > 1 else { return true }
    let identifier = packet.count >= 2 ? UInt64(packet.word(at: 0)) : 0
    let asker = client.remote.address.low ^ client.remote.address.high
    let mixed =
      (identifier << 48 ^ UInt64(client.remote.port) << 32 ^ asker)
      &* 0x9E37_79B9_7F4A_7C15
    return (mixed >> 32) % tapState.sample == 0
  }
}
