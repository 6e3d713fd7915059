/// Base64 (RFC 4648): a character for each six bits, written straight into a name.
public struct Base64: Sendable {
  @usableFromInline let characters: InlineArray<64, UInt8>

  /// The alphabet of section 4, whose last two characters are `+` and `/`.
  public static let standard = Base64(UInt8(ascii: "+"), UInt8(ascii: "/"))
  /// The alphabet of section 5, safe in URLs and file names: it ends in `-` and `_`.
  public static let urlSafe = Base64(UInt8(ascii: "-"), UInt8(ascii: "_"))

  /// The usual letters and digits, and two characters of its own for 62 and 63.
  public init(_ sixtyTwo: UInt8, _ sixtyThree: UInt8) {
    characters = InlineArray { position in
      let octet = UInt8(truncatingIfNeeded: position)
      return switch octet {
      case 0..<26: UInt8(ascii: "A") + octet
      case 26..<52: UInt8(ascii: "a") + (octet - 26)
      case 52..<62: UInt8(ascii: "0") + (octet - 52)
      case 62: sixtyTwo
      default: sixtyThree
      }
    }
  }

  /// The character for the low six bits of a number.
  @inlinable
  @inline(__always)
  public func character(_ sextet: UInt64) -> UInt8 {
    characters[Int(truncatingIfNeeded: sextet & 0x3F)]
  }

  /// Adds the encoding of octets to a name, filled up with `=` to whole groups of four unless
  /// `padding` is false.
  @inlinable
  public func append(_ octets: Span<UInt8>, padding: Bool = true, to name: inout DomainBuffer) {
    var bits: UInt64 = 0
    var bitCount: UInt64 = 0
    for position in octets.indices {
      bits = bits &<< 8 | UInt64(octets[position])
      bitCount &+= 8
      while bitCount >= 6 {
        bitCount &-= 6
        name.append(character(bits &>> bitCount))
      }
    }
    guard bitCount > 0 else { return }
    name.append(character(bits &<< (6 &- bitCount)))
    guard padding else { return }
    // Two bits are left of a first octet, four of a second: each `=` stands for two missing ones.
    for _ in 0..<(6 &- bitCount) / 2 { name.append(UInt8(ascii: "=")) }
  }
}
