/// One DNS lookup of a listed name, as the query thread hands it to its ring.
///
/// Trivially copyable and of fixed size: building one costs a few register moves, so that the
/// UDP path neither allocates nor locks (DESIGN.md §2 rule 8). The queried name travels beside it.
package struct HitEvent: Equatable, Sendable {
  /// Arrival time of the query: microseconds since 1970-01-01T00:00:00Z.
  package var timeMicroseconds: Int64
  /// Octets 0–7 of the client's IPv6 address as a big-endian number; 0 for IPv4 (`::ffff:a.b.c.d`).
  package var clientHigh: UInt64
  /// Octets 8–15 of the client's address; for IPv4 `0x0000_ffff_aabb_ccdd`.
  package var clientLow: UInt64
  /// Octets 0–7 of the local address the query came to.
  package var serverHigh: UInt64
  /// Octets 8–15 of the local address the query came to.
  package var serverLow: UInt64
  /// Identity of the index generation that gave the verdict.
  package var generation: UInt64
  /// What the index stored with the name; only the `ProvenanceSource` understands it.
  package var payload: UInt64
  /// Source port of the query, as the client (or PROXYv2) showed it.
  package var clientPort: UInt16
  /// Local port the query came to.
  package var serverPort: UInt16
  /// QTYPE of the question.
  package var qtype: UInt16
  /// Transport: 0 UDP, 1 TCP, 2 DoT, 3 DoH.
  package var transport: UInt8
  /// Bit 0: the transport verified the client's address; bit 1: it was challenged; the rest is kept.
  package var flags: UInt8
  /// What was done: 1 sinkhole, 2 NXDOMAIN, 3 observe, 4 colliding.
  package var action: UInt8
  /// Octet of the wire-form qname at which the listed name (a suffix of it) starts.
  package var matchedOffset: UInt8

  /// Octets 0–7 of the address of the forwarder or balancer that told of the client; both halves 0
  /// for a client that asked by itself.
  package var relayHigh: UInt64 = 0
  /// Octets 8–15 of that address.
  package var relayLow: UInt64 = 0
  /// Its source port: behind a carrier-grade NAT it says which line the forwarder is on.
  package var relayPort: UInt16 = 0
  /// Bits of the client's address that are known, counted in its own family; 0 = all.
  package var clientPrefix: UInt8 = 0

  /// Whether somebody else told of the client.
  package var hasRelay: Bool { relayHigh | relayLow != 0 }

  /// Bit of `flags`: TCP, DoT, DoH or a DNS cookie proved that the client owns its address.
  package static let addressVerified: UInt8 = 1

  /// Bit of `flags`: the answer was TC=1, so a client that is real has asked again over TCP.
  package static let challenged: UInt8 = 2

  /// Makes an event from its parts; every field is described at its property.
  package init(
    timeMicroseconds: Int64, clientHigh: UInt64, clientLow: UInt64, clientPort: UInt16,
    serverHigh: UInt64, serverLow: UInt64, serverPort: UInt16, transport: UInt8, flags: UInt8,
    qtype: UInt16, action: UInt8, generation: UInt64, payload: UInt64, matchedOffset: UInt8
  ) {
    self.timeMicroseconds = timeMicroseconds
    self.clientHigh = clientHigh
    self.clientLow = clientLow
    self.clientPort = clientPort
    self.serverHigh = serverHigh
    self.serverLow = serverLow
    self.serverPort = serverPort
    self.transport = transport
    self.flags = flags
    self.qtype = qtype
    self.action = action
    self.generation = generation
    self.payload = payload
    self.matchedOffset = matchedOffset
  }
}
