/// SipHash-1-3 with 128 bits of output: the keyed hash of names in the index and the cache.
///
/// Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF" (2012), with the
/// 128-bit output of the reference implementation. One compression and three finalisation rounds
/// are enough to deny an attacker who does not see hash values any control over them.
package struct SipHash: Sendable {
  /// A 128-bit secret.
  package struct Key: Sendable, Hashable {
    /// First 64 bits, little-endian.
    package var low: UInt64
    /// Last 64 bits, little-endian.
    package var high: UInt64

    /// Makes a key of two halves.
    package init(low: UInt64, high: UInt64) {
      self.low = low
      self.high = high
    }

    /// Makes a key from `generator`; the default asks the operating system.
    package static func random() -> Key {
      var generator = SystemRandomNumberGenerator()
      return Key(low: generator.next(), high: generator.next())
    }
  }

  /// A 128-bit hash value.
  package struct Value: Sendable, Hashable {
    /// First 64 bits.
    package var low: UInt64
    /// Last 64 bits.
    package var high: UInt64

    /// Makes a value of two halves.
    @inlinable package init(low: UInt64, high: UInt64) {
      self.low = low
      self.high = high
    }
  }

  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64

  private init(_ key: Key) {
    v0 = key.low ^ 0x736f_6d65_7073_6575
    v1 = key.high ^ 0x646f_7261_6e64_6f6d ^ 0xee
    v2 = key.low ^ 0x6c79_6765_6e65_7261
    v3 = key.high ^ 0x7465_6462_7974_6573
  }

  private mutating func round() {
    v0 = v0 &+ v1
    v1 = (v1 << 13 | v1 >> 51) ^ v0
    v0 = v0 << 32 | v0 >> 32
    v2 = v2 &+ v3
    v3 = (v3 << 16 | v3 >> 48) ^ v2
    v0 = v0 &+ v3
    v3 = (v3 << 21 | v3 >> 43) ^ v0
    v2 = v2 &+ v1
    v1 = (v1 << 17 | v1 >> 47) ^ v2
    v2 = v2 << 32 | v2 >> 32
  }

  private mutating func compress(_ word: UInt64) {
    v3 ^= word
    round()
    v0 ^= word
  }

  private mutating func finish() -> Value {
    v2 ^= 0xee
    for _ in 0..<3 { round() }
    let low = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xdd
    for _ in 0..<3 { round() }
    return Value(low: low, high: v0 ^ v1 ^ v2 ^ v3)
  }

  /// Hashes the octets of `bytes` from `start` to the end.
  package static func hash(_ bytes: Span<UInt8>, from start: Int = 0, key: Key) -> Value {
    precondition(start >= 0 && start <= bytes.count)
    var state = SipHash(key)
    let length = bytes.count - start
    // Eight octets at a time straight from memory: the loop bound keeps every load inside `bytes`.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      let raw = UnsafeRawBufferPointer(buffer)
      var position = start
      let wholeWords = start + (length & ~7)
      while position < wholeWords {
        let word = unsafe raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        state.compress(UInt64(littleEndian: word))
        position += 8
      }
      var last = UInt64(truncatingIfNeeded: length) << 56
      var shift: UInt64 = 0
      while position < start + length {
        last |= unsafe UInt64(raw[position]) << shift
        shift += 8
        position += 1
      }
      state.compress(last)
    }
    return state.finish()
  }
}
