public import Addressing
import DNSWire

/// A server cookie of 16 octets that every server with the same secret understands (RFC 9018 §4).
///
/// ```
/// version 1 | reserved, 3 octets | time, 4 octets | hash, 8 octets
/// ```
/// Anycast instances share the secret, so that a client's cookie is good at all of them (§3).
public struct ServerCookie: Sendable, Hashable {
  /// Version, reserved octets and time, big-endian.
  public var head: UInt64
  /// SipHash-2-4 of client cookie, head and client address, its octets in big-endian order.
  public var hash: UInt64

  /// Makes a cookie of its two halves.
  public init(head: UInt64, hash: UInt64) {
    self.head = head
    self.hash = hash
  }

  /// Octets of a client cookie (RFC 7873 §4.1).
  public static let clientOctets = 8
  /// Octets of the cookies made here (RFC 9018 §4).
  public static let octets = 16
  /// Seconds a cookie is good (RFC 9018 §4.3).
  public static let lifetime: Int32 = 3600
  /// Seconds its time may lie in the future (§4.3).
  public static let clockSkew: Int32 = 300
  /// Age in seconds at which a client is given a new one (§4.3).
  public static let renewal: Int32 = 1800

  private static let version: UInt64 = 1

  /// What a server thinks of a cookie that came with a query.
  public enum Standing: Sendable, Hashable {
    /// There was only a client cookie, or a server cookie that is wrong or too old.
    case unknown
    /// Good, and recent enough to be returned as it is.
    case good
    /// Good, but the client is to get a new one.
    case aging
  }

  /// Makes the cookie of a client.
  ///
  /// - Parameter time: seconds since 1970.
  public static func make(
    client: UInt64, address: IPAddress, at time: Int64, secret: CookieSecret
  ) -> ServerCookie {
    let head = version << 56 | UInt64(UInt32(truncatingIfNeeded: time))
    return ServerCookie(head: head, hash: secret.hash(client: client, head: head, address))
  }

  /// Judges a cookie.
  public func standing(
    client: UInt64, address: IPAddress, at time: Int64, secrets: CookieSecrets
  ) -> Standing {
    guard head >> 56 == Self.version else { return .unknown }
    // RFC 1982 arithmetic, as §4.3 asks for: the time has 32 bits and wraps in 2106.
    let age = Int32(
      bitPattern: UInt32(truncatingIfNeeded: time) &- UInt32(truncatingIfNeeded: head))
    guard age <= Self.lifetime, age >= -Self.clockSkew else { return .unknown }
    for index in secrets.secrets.indices
    where secrets.secrets[index].hash(client: client, head: head, address) == hash {
      // What an old secret has made is replaced at once, so that the old secret can go.
      return index == 0 && age < Self.renewal ? .good : .aging
    }
    return .unknown
  }
}

/// One secret of 128 bits (RFC 9018 §4.4).
public struct CookieSecret: Sendable, Hashable {
  private let low: UInt64
  private let high: UInt64

  /// Draws a secret from the system's random numbers.
  public static func random() -> CookieSecret {
    var generator = SystemRandomNumberGenerator()
    return CookieSecret(low: generator.next(), high: generator.next())
  }

  private init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// Hexadecimal digits of a secret.
  public static let digits = 32

  /// Reads 32 hexadecimal digits; nil for anything else.
  public init?(hexadecimal text: some StringProtocol) {
    guard text.utf8.count == Self.digits,
      text.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
      let first = UInt64(text.prefix(16), radix: 16), let last = UInt64(text.suffix(16), radix: 16)
    else { return nil }
    low = first.byteSwapped
    high = last.byteSwapped
  }

  func hash(client: UInt64, head: UInt64, _ address: IPAddress) -> UInt64 {
    var state = SipHash24(low: low, high: high)
    state.add(client.byteSwapped)
    state.add(head.byteSwapped)
    let hash: UInt64
    if let ipv4 = address.ipv4 {
      hash = state.finish(rest: UInt64(ipv4.byteSwapped), length: 20)
    } else {
      state.add(address.high.byteSwapped)
      state.add(address.low.byteSwapped)
      hash = state.finish(rest: 0, length: 32)
    }
    return hash.byteSwapped
  }
}

/// The secrets of a server: the first makes cookies, all of them are accepted.
///
/// A new secret is first added behind the old one at every server, then put in front, and at last
/// the old one is taken out (RFC 9018 §5).
public struct CookieSecrets: Sendable, Hashable {
  /// At least one.
  public let secrets: [CookieSecret]
  /// Most secrets that are accepted: each costs a hash for every wrong cookie.
  public static let most = 4

  /// Takes secrets in their order; nil without any, or with more than `most`.
  public init?(_ secrets: [CookieSecret]) {
    guard (1...Self.most).contains(secrets.count) else { return nil }
    self.secrets = secrets
  }

  /// One random secret: its cookies are good until the server ends.
  public static func random() -> CookieSecrets { CookieSecrets(only: .random()) }

  private init(only secret: CookieSecret) { secrets = [secret] }

  /// The secret that makes cookies.
  public var current: CookieSecret { secrets[0] }

  /// Reads a file of secrets: one per line, 32 hexadecimal digits.
  ///
  /// Empty lines and what follows `#` do not count. Unbound's `cookie-secret-file` has this form.
  /// - Returns: the secrets, or the number of the line at fault (0 = their number is wrong).
  public static func read(_ text: String) -> Result<CookieSecrets, LineFault> {
    var secrets: [CookieSecret] = []
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, line) in lines.enumerated() {
      let digits = line.prefix { $0 != "#" }.filter { $0 != " " && $0 != "\t" }
      if digits.isEmpty { continue }
      guard let secret = CookieSecret(hexadecimal: digits) else {
        return .failure(LineFault(line: index + 1))
      }
      secrets.append(secret)
    }
    return CookieSecrets(secrets).map { .success($0) } ?? .failure(LineFault(line: 0))
  }

  /// Where a file of secrets is wrong; the secrets themselves are never shown.
  public struct LineFault: Error, Equatable, CustomStringConvertible {
    /// The line, from 1; 0 when the number of secrets is at fault.
    public let line: Int

    /// Names a line.
    public init(line: Int) { self.line = line }

    /// What is wrong and what to do.
    public var description: String {
      line == 0
        ? "holds no secret, or more than \(CookieSecrets.most); write 1 to \(CookieSecrets.most)"
        : "line \(line): not \(CookieSecret.digits) hexadecimal digits; try `openssl rand -hex 16`"
    }
  }
}
