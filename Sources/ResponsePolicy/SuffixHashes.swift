public import DNSWire

/// The keyed hashes of a name and its ancestors, each computed when it is first asked for, so that
/// several policy zones share them.
public struct SuffixHashes: Sendable {
  private var key: SipHash.Key
  private var values = InlineArray<128, SipHash.Value>(
    repeating: SipHash.Value(low: 0, high: 0))
  private var known = InlineArray<2, UInt64>(repeating: 0)

  /// Hashes under the key that all policy zones were built with.
  public init(key: SipHash.Key) { self.key = key }

  /// Forgets everything; to be called when the name changes.
  @inline(__always)
  public mutating func reset() {
    known[0] = 0
    known[1] = 0
  }

  /// Forgets everything and goes on with another key.
  @inline(__always)
  public mutating func reset(key: SipHash.Key) {
    self.key = key
    reset()
  }

  /// The hash of the ancestor that starts with label `label` of `name`.
  @inline(__always)
  public mutating func hash(_ name: borrowing NameBuffer, from label: Int) -> SipHash.Value {
    let word = label >> 6 & 1
    let bit: UInt64 = 1 << UInt64(label & 63)
    if known[word] & bit != 0 { return values[label & 127] }
    let value = SipHash.hash(name.canonicalBytes, from: name.labelOffset(label), key: key)
    values[label & 127] = value
    known[word] |= bit
    return value
  }
}
