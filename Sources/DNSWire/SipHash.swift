/// SipHash-1-3 with 128 bits of output: the keyed hash of names in the index and the cache.
///
/// Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF" (2012), with the
/// 128-bit output of the reference implementation. One compression and three finalisation rounds
/// are enough to deny an attacker who does not see hash values any control over them.
public struct SipHash: Sendable {
  /// A 128-bit secret.
  public struct Key: Sendable, Hashable {
    /// First 64 bits, little-endian.
    public var low: UInt64
    /// Last 64 bits, little-endian.
    public var high: UInt64

    /// Makes a key of two halves.
    public init(low: UInt64, high: UInt64) {
      self.low = low
      self.high = high
    }

    /// Makes a key from `generator`; the default asks the operating system.
    public static func random() -> Key {
      var generator = SystemRandomNumberGenerator()
      return Key(low: generator.next(), high: generator.next())
    }
  }

  /// A 128-bit hash value.
  public struct Value: Sendable, Hashable {
    /// First 64 bits.
    public var low: UInt64
    /// Last 64 bits.
    public var high: UInt64

    /// Makes a value of two halves.
    @inlinable public init(low: UInt64, high: UInt64) {
      self.low = low
      self.high = high
    }

    /// Compares both halves; inlinable, as sets and maps of other modules hash by it.
    @inlinable public static func == (left: Value, right: Value) -> Bool {
      left.low == right.low && left.high == right.high
    }

    /// Feeds one half: keyed and even as it is, more of it makes no better buckets.
    @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(low) }
  }

  private var state: SipState

  private init(_ key: Key) {
    state = SipState(low: key.low, high: key.high)
    state.v1 ^= 0xee
  }

  private mutating func compress(_ word: UInt64) {
    state.v3 ^= word
    state.round()
    state.v0 ^= word
  }

  private mutating func finish() -> Value {
    state.v2 ^= 0xee
    for _ in 0..<3 { state.round() }
    let low = state.folded
    state.v1 ^= 0xdd
    for _ in 0..<3 { state.round() }
    return Value(low: low, high: state.folded)
  }

  /// Hashes the octets of `bytes` from `start` to the end.
  public static func hash(_ bytes: Span<UInt8>, from start: Int = 0, key: Key) -> Value {
    precondition(start >= 0 && start <= bytes.count)
    var hash = SipHash(key)
    let length = bytes.count - start
    // Eight octets at a time straight from memory: the loop bound keeps every load inside `bytes`.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      let raw = UnsafeRawBufferPointer(buffer)
      var position = start
      let wholeWords = start + (length & ~7)
      while position < wholeWords {
        let word = unsafe raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        hash.compress(UInt64(littleEndian: word))
        position += 8
      }
      let last = unsafe lastOctets(raw, wholeWords, length & 7)
      hash.compress(UInt64(truncatingIfNeeded: length) << 56 | last)
    }
    return hash.finish()
  }

  /// The `count` octets from `position` to the end of `raw`, the first one lowest; 0 … 7 of them.
  private static func lastOctets(
    _ raw: UnsafeRawBufferPointer, _ position: Int, _ count: Int
  ) -> UInt64 {
    guard count > 0 else { return 0 }
    if position >= 8 {
      // The last eight octets in one load, less those that have been taken.
      let word = unsafe raw.loadUnaligned(fromByteOffset: position + count - 8, as: UInt64.self)
      return UInt64(littleEndian: word) >> UInt64((8 - count) * 8)
    }
    var last: UInt64 = 0
    for index in 0..<count { last |= unsafe UInt64(raw[position + index]) << UInt64(index * 8) }
    return last
  }
}
