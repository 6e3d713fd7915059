import Addressing
import DNSServer
import DNSWire
import HitLog
import Policy
import QueryPath

/// Writes the hits of one thread into its ring.
final class RingRecorder: HitRecorder {
  private let ring: HitRing

  init(_ ring: HitRing) { self.ring = ring }

  func record(_ hit: Hit, name: Span<UInt8>) {
    let client = hit.client
    let event = HitEvent(
      timeMicroseconds: hit.time, clientHigh: client.remote.address.high,
      clientLow: client.remote.address.low, clientPort: client.remote.port,
      serverHigh: client.local.address.high, serverLow: client.local.address.low,
      serverPort: client.local.port, transport: client.transport.rawValue,
      flags: client.transport == .udp ? 0 : HitEvent.addressVerified,
      qtype: hit.qtype.rawValue, action: hit.verdict.action.rawValue, generation: hit.generation,
      payload: hit.verdict.payload, matchedOffset: UInt8(truncatingIfNeeded: hit.verdict.offset))
    // A full ring counts the loss itself, where status and metrics show it.
    _ = ring.append(event, qname: name)
  }
}

/// Takes hits when recording is switched off.
final class NoRecorder: HitRecorder {
  func record(_ hit: Hit, name: Span<UInt8>) {}
}
