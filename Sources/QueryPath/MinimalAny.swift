import DNSServer

/// Which questions of type ANY get a subset of the records (RFC 8482).
///
/// Zones of our own always answer with one RRset.
package enum MinimalAny: Sendable {
  /// All of them.
  case always
  /// Those over UDP, where the asker's address may be forged and the answer's size hurts.
  case udp
  /// None.
  case never

  /// Whether a question over `transport` gets a subset.
  func applies(to transport: Transport) -> Bool {
    switch self {
    case .always: true
    case .udp: transport == .udp
    case .never: false
    }
  }
}
