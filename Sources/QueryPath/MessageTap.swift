package import DNSServer

/// A query or response, as it is told to who listens in.
package struct TappedMessage: Sendable {
  /// What policy did, in the numbers of dnstap's schema.
  package struct Hit: Sendable {
    /// `Policy.Action`: 1 NXDOMAIN, 2 NODATA, 3 PASS, 4 DROP, 5 TRUNCATE, 6 LOCAL_DATA.
    package var action: UInt8
    /// `Policy.Match`: 1 QNAME, 2 CLIENT_IP, 3 RESPONSE_IP, 4 NS_NAME, 5 NS_IP.
    package var match: UInt8
    /// Offset in the name where the listed name starts.
    package var offset: UInt8
    /// What stands for the rule, as in `Hit`.
    package var payload: UInt64
    /// The generation `payload` belongs to.
    package var generation: UInt64
  }

  /// Whether it is the response.
  package var isResponse: Bool
  /// Who asked, and over what.
  package var client: Client
  /// When the query came, microseconds since 1970; nil when nobody knows any more.
  package var queryTime: Int64?
  /// When the response was made, microseconds since 1970.
  package var responseTime: Int64?
  /// Set when the query was a hit.
  package var hit: Hit?
}

/// Where messages go that are told to who listens in; one per thread.
package protocol MessageTap: AnyObject {
  /// Takes a message; must not block, allocate or fail visibly.
  ///
  /// - Parameters:
  ///   - name: wire form of the name a hit is about; empty without one.
  ///   - octets: the message.
  func take(_ message: TappedMessage, name: Span<UInt8>, octets: Span<UInt8>)
}

/// Makes taps, and says what goes into them.
package protocol MessageTapSource: AnyObject, Sendable {
  /// Another number than that of any source before; never 0.
  var serial: Int { get }
  /// One in so many messages that are no hits; 0 for none of them.
  var sample: UInt64 { get }
  /// The tap of another thread.
  func makeTap() -> any MessageTap
}

/// What a pipeline knows of its tap.
struct TapState {
  var tap: (any MessageTap)?
  var serial = 0
  var sample: UInt64 = 0
  /// The last hit of the query at hand.
  var hit: TappedMessage.Hit?
  /// The name it is about: by then the name's own buffer may hold another.
  var name = [UInt8](repeating: 0, count: 255)
  var nameCount = 0
}
