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

  func record(_ hit: Hit, name: Span<UInt8>, device: Span<UInt8>) {
    let client = hit.client
    var event = HitEvent(
      timeMicroseconds: hit.time, clientHigh: client.remote.address.high,
      clientLow: client.remote.address.low, clientPort: client.remote.port,
      serverHigh: client.local.address.high, serverLow: client.local.address.low,
      serverPort: client.local.port, transport: client.transport.rawValue,
      flags: client.isVerified ? HitEvent.addressVerified : 0,
      qtype: hit.qtype.rawValue, action: hit.verdict.action.rawValue, generation: hit.generation,
      payload: hit.verdict.payload, matchedOffset: UInt8(truncatingIfNeeded: hit.verdict.offset))
    event.clientPrefix = client.prefixLength
    if let relay = client.relay {
      event.relayHigh = relay.address.high
      event.relayLow = relay.address.low
      event.relayPort = relay.port
    }
    if hit.wasChallenged { event.flags |= HitEvent.challenged }
    // A full ring counts the loss itself, where status and metrics show it.
    _ = ring.append(event, qname: name, device: device)
  }
}

/// Takes hits when there is no ring for them.
final class NoRecorder: HitRecorder {
  func record(_ hit: Hit, name: Span<UInt8>, device: Span<UInt8>) {}
}
