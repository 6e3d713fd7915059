public import Addressing
import DNSWire

/// What a balancer says of the connection or datagram it passes on (PROXY protocol).
///
/// Source: W. Tarreau, "The PROXY protocol, versions 1 & 2", revision 2020/03/05 (haproxy's
/// `proxy-protocol.txt`), §2. Reading never allocates for version 2, which UDP uses.
public struct ProxyHeader: Sendable, Equatable {
  /// The client and what it asked.
  public struct Endpoints: Sendable, Equatable {
    /// The client's address and port.
    public var source: SocketEndpoint
    /// The address and port the client asked.
    public var destination: SocketEndpoint
    /// Whether the client came by a stream: its address has been verified by a handshake.
    public var isStream: Bool
  }

  /// What the balancer took off the client's connection.
  public enum Encryption: Sendable, Equatable {
    /// Nothing is said of TLS.
    case none
    /// TLS (`PP2_TYPE_SSL` with `PP2_CLIENT_SSL`, §2.2.5).
    case tls
    /// TLS, and ALPN (§2.2.1) names a version of HTTP.
    case https
  }

  /// The client; nil when the balancer speaks for itself (`LOCAL`, as health checks do) or does
  /// not know an IP address (`UNSPEC`, `UNIX`, version 1 `UNKNOWN`).
  public var endpoints: Endpoints?
  /// TLS that the balancer ended.
  public var encryption = Encryption.none
  /// Octets of the whole header: what it speaks of starts there.
  public var length: Int

  /// How reading ended.
  public enum Outcome: Sendable, Equatable {
    /// A header stands in front.
    case header(ProxyHeader)
    /// It may become a header when more octets have come.
    case incomplete
    /// It is none, or one that must be refused.
    case invalid
  }

  /// Octets in front of the addresses (§2.2).
  public static let fixedOctets = 16
  /// Most octets behind the fixed part that are taken: dnsdist sends at most 512 by default,
  /// haproxy at most a few hundred; a datagram has room for no more (§2.2 asks for 536 in all).
  public static let longestPayload = 4096

  // MARK: - Version 2

  /// Reads a version 2 header in front of `bytes`.
  public static func read(_ bytes: Span<UInt8>) -> Outcome {
    guard startsLikeVersion2(bytes) else { return .invalid }
    guard bytes.count >= fixedOctets else { return .incomplete }
    let command = bytes[12]
    // §2.2: the high four bits are the version, and other commands than these must be refused.
    guard command == Self.local || command == Self.proxy else { return .invalid }
    let payload = Int(bytes.word(at: 14))
    guard payload <= longestPayload else { return .invalid }
    let end = fixedOctets + payload
    guard bytes.count >= end else { return .incomplete }
    // §2.2: LOCAL keeps the real endpoints, and what it brings along is skipped.
    guard command == Self.proxy else { return .header(ProxyHeader(length: end)) }
    return proxied(bytes.extracting(0..<end), family: bytes[13])
  }

  /// The 12 octets every header starts with (§2.2), as many of them as there are.
  private static func startsLikeVersion2(_ bytes: Span<UInt8>) -> Bool {
    let signature: StaticString = "\r\n\r\n\0\r\nQUIT\n"
    if bytes.count >= 12 { return bytes.holds(signature, at: 0) }
    return signature.withUTF8Buffer { wanted in
      for index in bytes.indices where unsafe bytes[index] != wanted[index] { return false }
      return true
    }
  }

  private static let local: UInt8 = 0x20
  private static let proxy: UInt8 = 0x21

  private static func proxied(_ header: Span<UInt8>, family: UInt8) -> Outcome {
    var result = ProxyHeader(length: header.count)
    let addresses: Int
    switch family {
    case 0x00: addresses = 0
    case 0x11, 0x12: addresses = 12
    case 0x21, 0x22: addresses = 36
    case 0x31, 0x32: addresses = 216
    // §2.2: unknown families and protocols must be refused.
    default: return .invalid
    }
    let extensions = fixedOctets + addresses
    guard header.count >= extensions else { return .invalid }
    result.endpoints = endpoints(header, family: family)
    guard family == 0 || result.readExtensions(header, from: extensions) else { return .invalid }
    return .header(result)
  }

  private static func endpoints(_ header: Span<UInt8>, family: UInt8) -> Endpoints? {
    let isStream = family & 0x0F == 1
    switch family >> 4 {
    case 1:
      return Endpoints(
        source: SocketEndpoint(
          address: IPAddress(fourOctetsOf: header, at: 16), port: header.word(at: 24)),
        destination: SocketEndpoint(
          address: IPAddress(fourOctetsOf: header, at: 20), port: header.word(at: 26)),
        isStream: isStream)
    case 2:
      return Endpoints(
        source: SocketEndpoint(
          address: IPAddress(sixteenOctetsOf: header, at: 16), port: header.word(at: 48)),
        destination: SocketEndpoint(
          address: IPAddress(sixteenOctetsOf: header, at: 32), port: header.word(at: 50)),
        isStream: isStream)
    default: return nil
    }
  }

  /// Takes from the extensions (§2.2, "TLV") what tells of TLS; others are skipped.
  ///
  /// - Returns: whether they fill the header exactly.
  private mutating func readExtensions(_ header: Span<UInt8>, from start: Int) -> Bool {
    var at = start
    var isTLS = false
    var isHTTP = false
    while at < header.count {
      guard header.count - at >= 3 else { return false }
      let type = header[at]
      let value = at + 3
      let end = value + Int(header.word(at: at + 1))
      guard end <= header.count else { return false }
      switch type {
      case Self.alpn: isHTTP = header.holds("h", at: value) && end - value >= 2
      case Self.ssl: isTLS = end > value && header[value] & Self.clientUsedTLS != 0
      default: break
      }
      at = end
    }
    // ALPN names of HTTP all start with h: h2, h3, http/1.1 (RFC 7301 §6 registry).
    encryption = isTLS ? (isHTTP ? .https : .tls) : .none
    return true
  }

  private static let alpn: UInt8 = 0x01
  private static let ssl: UInt8 = 0x20
  private static let clientUsedTLS: UInt8 = 0x01
}
