/// Turns wire-form names into the text libunbound's functions take.
enum PresentationName {
  /// Most octets of text: four for each octet of the longest name, and the final zero.
  static let capacity = 4 * 255 + 1

  /// Writes `name` as a zero-terminated string over the contents of `text`.
  ///
  /// Everything but letters, digits, hyphen and underscore is written as `\DDD` (RFC 1035 §5.1),
  /// so that no octet can be taken for syntax.
  static func write(_ name: borrowing InlineArray<256, UInt8>, into text: inout [CChar]) {
    text.removeAll(keepingCapacity: true)
    var position = 0
    while position < 255, name[position] != 0 {
      let length = Int(name[position])
      guard position + length < 255 else { break }
      for index in position + 1..<position + 1 + length { append(name[index], to: &text) }
      text.append(CChar(UInt8(ascii: ".")))
      position += length + 1
    }
    if text.isEmpty { text.append(CChar(UInt8(ascii: "."))) }
    text.append(0)
  }

  private static func append(_ octet: UInt8, to text: inout [CChar]) {
    switch octet {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      text.append(CChar(octet))
    default:
      let zero = UInt8(ascii: "0")
      text.append(CChar(UInt8(ascii: "\\")))
      text.append(CChar(zero + octet / 100))
      text.append(CChar(zero + octet / 10 % 10))
      text.append(CChar(zero + octet % 10))
    }
  }
}
