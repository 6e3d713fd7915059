/// Where a server's certificate comes from, and what it takes from clients.
public struct TLSOptions: Sendable, Equatable {
  /// Oldest protocol version that is spoken (RFC 8310 §8 and RFC 9325 §3.1.1 ask for 1.2 or later).
  public enum Version: Sendable, Equatable {
    case tls12
    case tls13
  }

  /// Path of the certificate chain, PEM, the server's own certificate first.
  public var certificate: String
  /// Path of its private key, PEM, not encrypted.
  public var key: String
  /// Oldest protocol version.
  public var minimumVersion: Version

  /// Names the two files.
  public init(certificate: String, key: String, minimumVersion: Version = .tls12) {
    self.certificate = certificate
    self.key = key
    self.minimumVersion = minimumVersion
  }
}

/// Why a certificate and its key cannot be used: what, where, and what to do.
public struct TLSProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// One line.
  public let description: String

  init(_ description: String) { self.description = description }
}
