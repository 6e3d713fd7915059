/// Base 32 (RFC 4648 section 6), without padding, in any alphabet of 32 characters.
public struct Base32: Sendable {
  /// The digits 0 to 31.
  @usableFromInline let alphabet: InlineArray<32, UInt8>

  /// The alphabet of RFC 4648 in lower case, `a` to `z` and `2` to `7`, as host names have it.
  public static let lowercase = Base32(range: "az", then: "27")
  /// The alphabet of RFC 4648.
  public static let uppercase = Base32(range: "AZ", then: "27")
  /// The "extended hex" alphabet of RFC 4648 section 7 in lower case, `0` to `9` and `a` to `v`.
  public static let lowercaseHex = Base32(range: "09", then: "av")

  /// An alphabet of one's own; `nil` unless it has 32 octets.
  public init?(alphabet: String) {
    let octets = Array(alphabet.utf8)
    guard octets.count == 32 else { return nil }
    self.alphabet = InlineArray { octets[$0] }
  }

  /// Two runs of characters, each given by its first and last.
  private init(range first: String, then second: String) {
    let octets = [first, second].flatMap { run in
      let ends = Array(run.utf8)
      return Array(ends[0]...ends[1])
    }
    alphabet = InlineArray { octets[$0] }
  }

  /// Adds octets to a name, five bits a character, the highest first; the last is filled with 0.
  @inlinable
  public func append(_ octets: Span<UInt8>, to name: inout DomainBuffer) {
    // The bits that wait are the lowest `waiting` ones.
    var bits: UInt32 = 0
    var waiting: UInt32 = 0
    for position in octets.indices {
      bits = bits &<< 8 | UInt32(octets[position])
      waiting &+= 8
      while waiting >= 5 {
        waiting &-= 5
        name.append(alphabet[Int((bits &>> waiting) & 31)])
      }
    }
    if waiting > 0 { name.append(alphabet[Int((bits &<< (5 &- waiting)) & 31)]) }
  }

  /// The encoding of octets, as text.
  public func encode(_ octets: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: octets.count, by: 5) {
      var name = DomainBuffer()
      append(octets.span.extracting(start..<min(start + 5, octets.count)), to: &name)
      text += (0..<name.count).map { name[$0] }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
