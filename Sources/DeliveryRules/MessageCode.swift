import DGAKit

/// Keyed codes of messages: HMAC (RFC 2104) with SHA-256.
package enum MessageCode {
  /// Octets of a block of SHA-256 (FIPS 180-4).
  private static let block = 64

  /// The code of a message.
  package static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var key = key.count > block ? SHA256.hash(key).bytes : key
    key += [UInt8](repeating: 0, count: block - key.count)
    let inner = SHA256.hash(key.map { $0 ^ 0x36 } + message).bytes
    return SHA256.hash(key.map { $0 ^ 0x5c } + inner).bytes
  }

  /// Lower-case hexadecimal digits.
  package static func hexadecimal(_ octets: [UInt8]) -> String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Whether two secrets are the same, in a time that tells nothing of where they differ.
  package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
