/// An Extended DNS Error code (RFC 8914 §4).
package struct ExtendedError: RawRepresentable, Sendable, Hashable {
  /// The INFO-CODE.
  package let rawValue: UInt16
  /// Takes the INFO-CODE.
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Other Error: the text says what.
  package static let other = ExtendedError(rawValue: 0)
  /// Unsupported DNSKEY Algorithm.
  package static let unsupportedDNSKEYAlgorithm = ExtendedError(rawValue: 1)
  /// Unsupported DS Digest Type.
  package static let unsupportedDSDigest = ExtendedError(rawValue: 2)
  /// Stale Answer: past its time, because nobody could be asked.
  package static let staleAnswer = ExtendedError(rawValue: 3)
  /// Forged Answer: made up by policy.
  package static let forgedAnswer = ExtendedError(rawValue: 4)
  /// DNSSEC Bogus.
  package static let dnssecBogus = ExtendedError(rawValue: 6)
  /// Signature Expired.
  package static let signatureExpired = ExtendedError(rawValue: 7)
  /// Signature Not Yet Valid.
  package static let signatureNotYetValid = ExtendedError(rawValue: 8)
  /// DNSKEY Missing.
  package static let dnskeyMissing = ExtendedError(rawValue: 9)
  /// RRSIGs Missing.
  package static let rrsigsMissing = ExtendedError(rawValue: 10)
  /// No Zone Key Bit Set.
  package static let noZoneKeyBitSet = ExtendedError(rawValue: 11)
  /// NSEC Missing.
  package static let nsecMissing = ExtendedError(rawValue: 12)
  /// Not Ready.
  package static let notReady = ExtendedError(rawValue: 14)
  /// Blocked: policy says that the name does not exist.
  package static let blocked = ExtendedError(rawValue: 15)
  /// Filtered: the client asked for it.
  package static let filtered = ExtendedError(rawValue: 17)
  /// Prohibited: this client may not ask.
  package static let prohibited = ExtendedError(rawValue: 18)
  /// Stale NXDOMAIN Answer.
  package static let staleNXDOMAIN = ExtendedError(rawValue: 19)
  /// Not Authoritative: RD was clear, and the server is no authority for the name.
  package static let notAuthoritative = ExtendedError(rawValue: 20)
  /// Not Supported.
  package static let notSupported = ExtendedError(rawValue: 21)
  /// No Reachable Authority.
  package static let noReachableAuthority = ExtendedError(rawValue: 22)
  /// Network Error.
  package static let networkError = ExtendedError(rawValue: 23)
  /// Invalid Data: what the authority said cannot be used.
  package static let invalidData = ExtendedError(rawValue: 24)
  /// Unsupported NSEC3 Iterations Value.
  package static let unsupportedIterations = ExtendedError(rawValue: 27)
}
