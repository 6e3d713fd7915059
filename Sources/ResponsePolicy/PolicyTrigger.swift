/// What a rule of a response policy zone looks at, in the order in which rules of one zone count.
///
/// Source: draft-vixie-dnsop-dns-rpz §3 and §4.
public enum PolicyTrigger: UInt8, Sendable, CaseIterable, Comparable {
  /// The address of the client (`rpz-client-ip`).
  case client = 0
  /// The name asked for, or a name its CNAME chain passes through.
  case name = 1
  /// An address in the answer (`rpz-ip`).
  case answer = 2
  /// The name of a server of the zone the name stands in, or of one above it (`rpz-nsdname`).
  case serverName = 3
  /// The address of such a server (`rpz-nsip`).
  case serverAddress = 4

  /// Orders triggers by precedence: what comes first wins.
  public static func < (left: PolicyTrigger, right: PolicyTrigger) -> Bool {
    left.rawValue < right.rawValue
  }

  /// The word used in status, metrics and hits.
  public var word: String {
    switch self {
    case .client: "client-ip"
    case .name: "qname"
    case .answer: "ip"
    case .serverName: "nsdname"
    case .serverAddress: "nsip"
    }
  }

  /// The label below the apex under which such rules stand; QNAME rules stand there directly.
  var label: String? {
    switch self {
    case .client: "rpz-client-ip"
    case .name: nil
    case .answer: "rpz-ip"
    case .serverName: "rpz-nsdname"
    case .serverAddress: "rpz-nsip"
    }
  }
}
