/// The algorithms of transaction signatures that are taken (RFC 8945 §6).
///
/// hmac-md5 is not among them: "MUST NOT be used" by new software (RFC 8945 §6, table).
package enum MACAlgorithm: String, Sendable, CaseIterable {
  case sha1 = "hmac-sha1"
  case sha256 = "hmac-sha256"
  case sha384 = "hmac-sha384"
  case sha512 = "hmac-sha512"

  /// Octets of the code.
  package var macOctets: Int {
    switch self {
    case .sha1: 20
    case .sha256: 32
    case .sha384: 48
    case .sha512: 64
    }
  }

  /// Octets of a block of the hash: what RFC 2104 §2 fills the key up to.
  var blockOctets: Int {
    switch self {
    case .sha1, .sha256: 64
    case .sha384, .sha512: 128
    }
  }

  /// The name in lower-case wire form.
  var nameWire: [UInt8] { [UInt8(rawValue.utf8.count)] + Array(rawValue.utf8) + [0] }
}
