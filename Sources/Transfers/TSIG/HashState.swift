import CLDNS
import DNSWire

/// A hash under way, with libldns's functions.
///
/// Unsafe because libldns takes pointers; each is valid for the length of one call.
enum HashState {
  case sha1(ldns_sha1_ctx)
  case sha256(ldns_sha256_CTX)
  case sha384(ldns_sha384_CTX)
  case sha512(ldns_sha512_CTX)

  init(_ algorithm: MACAlgorithm) {
    switch algorithm {
    case .sha1:
      var context = ldns_sha1_ctx()
      ldns_sha1_init(&context)
      self = .sha1(context)
    case .sha256:
      var context = ldns_sha256_CTX()
      ldns_sha256_init(&context)
      self = .sha256(context)
    case .sha384:
      var context = ldns_sha384_CTX()
      ldns_sha384_init(&context)
      self = .sha384(context)
    case .sha512:
      var context = ldns_sha512_CTX()
      ldns_sha512_init(&context)
      self = .sha512(context)
    }
  }

  mutating func update(_ octets: [UInt8]) { update(octets.span) }

  mutating func update(_ octets: Span<UInt8>) {
    octets.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress, !buffer.isEmpty else { return }
      switch self {
      case .sha1(var context):
        ldns_sha1_update(&context, start, UInt32(clamping: buffer.count))
        self = .sha1(context)
      case .sha256(var context):
        ldns_sha256_update(&context, start, buffer.count)
        self = .sha256(context)
      case .sha384(var context):
        ldns_sha384_update(&context, start, buffer.count)
        self = .sha384(context)
      case .sha512(var context):
        ldns_sha512_update(&context, start, buffer.count)
        self = .sha512(context)
      }
    }
  }

  /// The digest of everything so far.
  func digest() -> [UInt8] {
    switch self {
    case .sha1(var context):
      var digest = [UInt8](repeating: 0, count: MACAlgorithm.sha1.macOctets)
      ldns_sha1_final(&digest, &context)
      return digest
    case .sha256(var context):
      var digest = [UInt8](repeating: 0, count: MACAlgorithm.sha256.macOctets)
      ldns_sha256_final(&digest, &context)
      return digest
    case .sha384(var context):
      var digest = [UInt8](repeating: 0, count: MACAlgorithm.sha384.macOctets)
      ldns_sha384_final(&digest, &context)
      return digest
    case .sha512(var context):
      var digest = [UInt8](repeating: 0, count: MACAlgorithm.sha512.macOctets)
      ldns_sha512_final(&digest, &context)
      return digest
    }
  }
}

/// A keyed message authentication code under way (RFC 2104).
struct MACState {
  private var inner: HashState
  private let outer: HashState

  init(_ algorithm: MACAlgorithm, secret: [UInt8]) {
    var key = secret
    if key.count > algorithm.blockOctets {
      var hash = HashState(algorithm)
      hash.update(key)
      key = hash.digest()
    }
    key += [UInt8](repeating: 0, count: algorithm.blockOctets - key.count)
    inner = HashState(algorithm)
    inner.update(key.map { $0 ^ 0x36 })
    var outer = HashState(algorithm)
    outer.update(key.map { $0 ^ 0x5C })
    self.outer = outer
  }

  mutating func update(_ octets: [UInt8]) { inner.update(octets) }
  mutating func update(_ octets: Span<UInt8>) { inner.update(octets) }

  /// The code over everything so far.
  func code() -> [UInt8] {
    var outer = outer
    outer.update(inner.digest())
    return outer.digest()
  }

  /// Whether two codes are equal, in a time that does not tell where they differ.
  static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
  }
}
