public import Addressing
import DNSWire

/// What a request for DNS over HTTPS says, gathered from its header fields (RFC 8484 §4.1).
///
/// Pure; the same for HTTP/1.1 and HTTP/2. Fields that DNS does not need are not kept: no cookie,
/// referrer or user agent ever gets past this point.
public struct DoHRequest: Sendable {
  /// What can be done with the request once its header is there.
  public enum Step: Sendable, Equatable {
    /// It holds a whole query.
    case query([UInt8])
    /// The query comes as the body.
    case body
    /// It is refused.
    case refuse(DoHStatus)
  }

  /// The methods that are served.
  public enum Method: Sendable, Equatable {
    case get
    case head
    case post
    case other

    /// Reads the name, whose letter case counts (RFC 9110 §9.1).
    public init(_ name: String) {
      switch name {
      case "GET": self = .get
      case "HEAD": self = .head
      case "POST": self = .post
      default: self = .other
      }
    }
  }

  /// The media type of queries and answers (RFC 8484 §6).
  public static let mediaType = "application/dns-message"

  /// The method.
  public var method: Method
  /// Path and query as sent.
  public var target: String
  /// The field that is kept because the sender is a proxy that names its client in it.
  public var forwardingField: ForwardingField?
  private var forwarded: String?
  private var isMessage = false
  private var contentLength: Int?

  /// A request of which nothing but these two is known.
  public init(method: Method = .other, target: String = "") {
    self.method = method
    self.target = target
  }

  /// Takes up a header field, of HTTP/2 the pseudo-header fields too.
  ///
  /// - Parameter name: in lower case, as HTTP/2 has it; of HTTP/1.1 in any.
  public mutating func take(name: String, value: String) {
    switch name.utf8.count {
    case 5 where name == ":path": target = value
    case 7 where name == ":method": method = Method(value)
    case 12 where Self.equal(name, "content-type"): isMessage = Self.isMessageType(value)
    case 9, 15:
      guard let field = forwardingField, name.utf8.count == field.rawValue.utf8.count,
        Self.equal(name, field.rawValue)
      else { return }
      // RFC 9110 §5.3: a field that comes twice is one list.
      forwarded = forwarded.map { "\($0), \(value)" } ?? value
    case 14 where Self.equal(name, "content-length"): contentLength = Int(value) ?? .max
    default: break
    }
  }

  /// The client that the proxy names in its field; nil when there is none to be read.
  public var forwardedClient: SocketEndpoint? {
    guard let forwardingField, let forwarded else { return nil }
    return forwardingField.client(in: forwarded)
  }

  /// Says what is to be done, in the order in which the answers help the sender most.
  public func step(path: String) -> Step {
    let target = DoHTarget(target)
    guard target.path.elementsEqual(path.utf8) else { return .refuse(.notFound) }
    switch method {
    case .get, .head: return query(target)
    case .post: break
    case .other: return .refuse(.methodNotAllowed)
    }
    guard isMessage else { return .refuse(.unsupportedMediaType) }
    let isTooLong = (contentLength ?? 0) > Limits.messageOctets
    return isTooLong ? .refuse(.contentTooLarge) : .body
  }

  private func query(_ target: DoHTarget) -> Step {
    guard let text = target.value(of: "dns"),
      let message = Base64URL.decode(text, limit: Limits.messageOctets)
    else { return .refuse(.badRequest) }
    return Self.isQuery(message.span) ? .query(message) : .refuse(.badRequest)
  }

  /// Whether octets could be a query: a header that is no response's.
  ///
  /// More is up to DNS itself.
  public static func isQuery(_ message: Span<UInt8>) -> Bool {
    message.count >= Limits.headerOctets && message[2] & 0x80 == 0
  }

  /// Parameters of the type are passed over; there are none for this one.
  private static func isMessageType(_ value: String) -> Bool {
    let end = value.utf8.firstIndex(of: UInt8(ascii: ";")) ?? value.utf8.endIndex
    var type = value.utf8[..<end]
    while let last = type.last, last == UInt8(ascii: " ") || last == 9 { type = type.dropLast() }
    return type.count == mediaType.utf8.count && zip(type, mediaType.utf8).allSatisfy(isSame)
  }

  private static func equal(_ name: String, _ lower: String) -> Bool {
    zip(name.utf8, lower.utf8).allSatisfy(isSame)
  }

  /// ASCII letters regardless of case; `lower` is in lower case.
  private static func isSame(_ octet: UInt8, _ lower: UInt8) -> Bool {
    octet == lower || ((0x41...0x5A).contains(octet) && octet | 0x20 == lower)
  }
}
