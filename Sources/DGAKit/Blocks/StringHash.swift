/// The short string hashes `hash = hash * factor + octet`, modulo 2^32.
public enum StringHash {
  /// djb2 (Bernstein): factor 33 from 5381.
  @inlinable
  public static func djb2(_ octets: Span<UInt8>) -> UInt32 {
    polynomial(octets, factor: 33, from: 5_381)
  }

  /// djb2a (Bernstein): factor 33 from 5381, the octet xored instead of added.
  @inlinable
  public static func djb2a(_ octets: Span<UInt8>) -> UInt32 {
    var hash: UInt32 = 5_381
    for position in octets.indices { hash = hash &* 33 ^ UInt32(octets[position]) }
    return hash
  }

  /// sdbm: factor 65599 from 0.
  @inlinable
  public static func sdbm(_ octets: Span<UInt8>) -> UInt32 {
    polynomial(octets, factor: 65_599, from: 0)
  }

  /// `String.hashCode()` of Java, for characters of ISO 8859-1: factor 31 from 0.
  ///
  /// Scripts write it `((hash << 5) - hash + character) | 0`. Their result is signed.
  @inlinable
  public static func java(_ octets: Span<UInt8>) -> Int32 {
    Int32(bitPattern: polynomial(octets, factor: 31, from: 0))
  }

  /// The hash with a factor and a start of one's own.
  @inlinable
  public static func polynomial(
    _ octets: Span<UInt8>, factor: UInt32, from start: UInt32
  ) -> UInt32 {
    var hash = start
    for position in octets.indices { hash = hash &* factor &+ UInt32(octets[position]) }
    return hash
  }
}
