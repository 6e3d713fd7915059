import CLDNS
import DNSWire

/// The hash of NSEC3 (RFC 5155 §5), SHA-1 with salt and iterations, as base32hex in lower case.
///
/// libldns has SHA-1 without allocation, which the query path needs; hence the unsafe calls.
@safe struct NSEC3Hash {
  /// Octets of the text: 160 bits, 5 in each (RFC 4648 §7).
  static let textOctets = 32
  private static let digestOctets = 20

  /// The text.
  private(set) var text = InlineArray<32, UInt8>(repeating: 0)

  /// Hashes the canonical name at `start` of `name`.
  init(_ name: Span<UInt8>, from start: Int, salt: [UInt8], iterations: Int) {
    // Name or digest, followed by the salt.
    var input = InlineArray<512, UInt8>(repeating: 0)
    var digest = InlineArray<20, UInt8>(repeating: 0)
    var length = name.count - start
    for index in 0..<length { input[index] = name[start + index] }
    for round in 0...iterations {
      if round > 0 {
        length = Self.digestOctets
        for index in 0..<length { input[index] = digest[index] }
      }
      for index in salt.indices { input[length + index] = salt[index] }
      Self.digest(&input, length + salt.count, into: &digest)
    }
    encode(digest)
  }

  private static func digest(
    _ input: inout InlineArray<512, UInt8>, _ length: Int, into digest: inout InlineArray<20, UInt8>
  ) {
    var output = digest.mutableSpan
    var source = input.mutableSpan
    unsafe output.withUnsafeMutableBufferPointer { to in
      unsafe source.withUnsafeMutableBufferPointer { from in
        _ = unsafe ldns_sha1(from.baseAddress, UInt32(truncatingIfNeeded: length), to.baseAddress)
      }
    }
  }

  private mutating func encode(_ digest: InlineArray<20, UInt8>) {
    var bits: UInt32 = 0
    var available: UInt32 = 0
    var next = 0
    for index in digest.indices {
      bits = bits << 8 | UInt32(digest[index])
      available += 8
      while available >= 5 {
        available -= 5
        let value = UInt8(truncatingIfNeeded: bits >> available) & 0x1F
        text[next] = value < 10 ? 0x30 + value : 0x61 + value - 10
        next += 1
      }
    }
  }
}
