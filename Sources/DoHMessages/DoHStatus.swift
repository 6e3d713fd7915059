/// How a request for DNS over HTTPS ended, as an HTTP status (RFC 9110 §15, RFC 8484 §4.2.1).
public enum DoHStatus: Int, Sendable, CaseIterable {
  /// The body is a DNS message, also one that says SERVFAIL or NXDOMAIN.
  case ok = 200
  /// No DNS query can be read out of the request.
  case badRequest = 400
  /// Not the path DNS is answered at.
  case notFound = 404
  /// A method other than GET, HEAD and POST.
  case methodNotAllowed = 405
  /// A query longer than a DNS message can be.
  case contentTooLarge = 413
  /// A body that does not claim to be a DNS message.
  case unsupportedMediaType = 415
  /// Header fields larger than we take.
  case fieldsTooLarge = 431
  /// The query got no answer, by policy or for want of room.
  case unavailable = 503

  /// One line for people who look at it with a web client.
  public var explanation: String {
    switch self {
    case .ok: ""
    case .badRequest: "no DNS query in this request (RFC 8484 section 4.1)\n"
    case .notFound: "DNS is not answered at this path\n"
    case .methodNotAllowed: "use GET, HEAD or POST\n"
    case .contentTooLarge: "longer than a DNS message can be\n"
    case .unsupportedMediaType: "send application/dns-message\n"
    case .fieldsTooLarge: "header fields too large\n"
    case .unavailable: "no answer\n"
    }
  }
}
