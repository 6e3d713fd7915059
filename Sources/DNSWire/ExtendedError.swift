/// An Extended DNS Error code (RFC 8914 §4).
public struct ExtendedError: RawRepresentable, Sendable, Hashable {
  /// The INFO-CODE.
  public let rawValue: UInt16
  /// Takes the INFO-CODE.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Other Error: the text says what.
  public static let other = ExtendedError(rawValue: 0)
  /// Unsupported DNSKEY Algorithm.
  public static let unsupportedDNSKEYAlgorithm = ExtendedError(rawValue: 1)
  /// Unsupported DS Digest Type.
  public static let unsupportedDSDigest = ExtendedError(rawValue: 2)
  /// Stale Answer: past its time, because nobody could be asked.
  public static let staleAnswer = ExtendedError(rawValue: 3)
  /// Forged Answer: made up by policy.
  public static let forgedAnswer = ExtendedError(rawValue: 4)
  /// DNSSEC Bogus.
  public static let dnssecBogus = ExtendedError(rawValue: 6)
  /// Signature Expired.
  public static let signatureExpired = ExtendedError(rawValue: 7)
  /// Signature Not Yet Valid.
  public static let signatureNotYetValid = ExtendedError(rawValue: 8)
  /// DNSKEY Missing.
  public static let dnskeyMissing = ExtendedError(rawValue: 9)
  /// RRSIGs Missing.
  public static let rrsigsMissing = ExtendedError(rawValue: 10)
  /// No Zone Key Bit Set.
  public static let noZoneKeyBitSet = ExtendedError(rawValue: 11)
  /// NSEC Missing.
  public static let nsecMissing = ExtendedError(rawValue: 12)
  /// Not Ready.
  public static let notReady = ExtendedError(rawValue: 14)
  /// Blocked: policy says that the name does not exist.
  public static let blocked = ExtendedError(rawValue: 15)
  /// Filtered: the client asked for it.
  public static let filtered = ExtendedError(rawValue: 17)
  /// Prohibited: this client may not ask.
  public static let prohibited = ExtendedError(rawValue: 18)
  /// Stale NXDOMAIN Answer.
  public static let staleNXDOMAIN = ExtendedError(rawValue: 19)
  /// Not Authoritative: RD was clear, and the server is no authority for the name.
  public static let notAuthoritative = ExtendedError(rawValue: 20)
  /// Not Supported.
  public static let notSupported = ExtendedError(rawValue: 21)
  /// No Reachable Authority.
  public static let noReachableAuthority = ExtendedError(rawValue: 22)
  /// Network Error.
  public static let networkError = ExtendedError(rawValue: 23)
  /// Invalid Data: what the authority said cannot be used.
  public static let invalidData = ExtendedError(rawValue: 24)
  /// Unsupported NSEC3 Iterations Value.
  public static let unsupportedIterations = ExtendedError(rawValue: 27)
}
