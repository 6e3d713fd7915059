package import DNSServer
package import DNSWire
package import Policy

/// A lookup of a listed name, as the query path knows it.
package struct Hit: Sendable {
  /// When the query came, microseconds since 1970.
  package var time: Int64
  /// Who asked, and over what.
  package var client: Client
  /// The type asked for.
  package var qtype: RRType
  /// What policy said.
  package var verdict: Verdict
  /// The index generation that `verdict.payload` belongs to.
  package var generation: UInt64
  /// Whether the answer is TC=1: a client that is real comes back over TCP and is recorded again.
  package var wasChallenged = false
}

/// Where hits go before their answers leave; one per thread.
package protocol HitRecorder: AnyObject {
  /// Records a hit; must not block, allocate or fail visibly.
  ///
  /// - Parameters:
  ///   - name: wire form of the name looked up, letter case as asked.
  ///   - device: what a forwarder said of the device behind it (`DeviceIdentity`), mostly nothing.
  func record(_ hit: Hit, name: Span<UInt8>, device: Span<UInt8>)
}
