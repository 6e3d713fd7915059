/// RC4, the stream cipher malware uses to scramble seeds and configurations (vectors: RFC 6229).
public struct RC4: Sendable {
  private var permutation: InlineArray<256, UInt8>
  private var step: UInt8 = 0
  private var place: UInt8 = 0

  /// The key stream of a key, which must have at least one octet; those after the 256th do not
  /// count.
  public init(key: Span<UInt8>) {
    precondition(!key.isEmpty, "an RC4 key has at least one octet")
    permutation = InlineArray { UInt8(truncatingIfNeeded: $0) }
    var place: UInt8 = 0
    for index in 0..<256 {
      place &+= permutation[index] &+ key[index % key.count]
      permutation.swapAt(index, Int(place))
    }
  }

  /// The next octet of the key stream.
  public mutating func next() -> UInt8 {
    step &+= 1
    let moved = permutation[Int(step)]
    place &+= moved
    let other = permutation[Int(place)]
    permutation[Int(step)] = other
    permutation[Int(place)] = moved
    return permutation[Int(moved &+ other)]
  }
}
