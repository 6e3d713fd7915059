package import Addressing

/// What is told of one message, besides its octets; the numbers are those of the dnstap schema.
///
/// Plain values only: `TapRing` copies it as octets.
package struct TapRecord: Sendable {
  /// `Message.Type` (dnstap.proto).
  package enum Kind: UInt8, Sendable {
    /// A query a client sent.
    case clientQuery = 5
    /// The response it got.
    case clientResponse = 6
  }

  /// `SocketProtocol` (dnstap.proto).
  package enum Carrier: UInt8, Sendable {
    /// Plain DNS over UDP.
    case udp = 1
    /// Plain DNS over TCP.
    case tcp = 2
    /// DNS over TLS.
    case dot = 3
    /// DNS over HTTPS.
    case doh = 4
  }

  /// What policy did, and why; turned into text by the thread that sends.
  package struct Policy: Sendable {
    /// `Policy.Action` (dnstap.proto): 1 NXDOMAIN, 2 NODATA, 3 PASS, 4 DROP, 5 TRUNCATE,
    /// 6 LOCAL_DATA.
    package var action: UInt8
    /// `Policy.Match` (dnstap.proto): 1 QNAME, 2 CLIENT_IP, 3 RESPONSE_IP, 4 NS_NAME, 5 NS_IP.
    package var match: UInt8
    /// Offset in the name where the listed name starts.
    package var offset: UInt8
    /// The generation `payload` belongs to.
    package var generation: UInt64
    /// What stands for the rule.
    package var payload: UInt64

    /// Puts the parts together.
    package init(
      action: UInt8, match: UInt8, offset: UInt8, generation: UInt64, payload: UInt64
    ) {
      self.action = action
      self.match = match
      self.offset = offset
      self.generation = generation
      self.payload = payload
    }
  }

  /// Query or response.
  package var kind: Kind
  /// The client's transport.
  package var carrier: Carrier
  /// The client's address and port; port 0 is unknown.
  package var client: SocketEndpoint
  /// The address asked.
  package var server: SocketEndpoint
  /// Microseconds since 1970; nil when it is not known.
  package var queryTime: Int64?
  /// Microseconds since 1970; of responses.
  package var responseTime: Int64?
  /// Set on hits.
  package var policy: Policy?
  /// Octets of the name that was looked up, in front of the message.
  var nameCount = 0
  /// Octets of the message.
  var messageCount = 0

  /// Describes a message.
  package init(kind: Kind, carrier: Carrier, client: SocketEndpoint, server: SocketEndpoint) {
    self.kind = kind
    self.carrier = carrier
    self.client = client
    self.server = server
  }
}
