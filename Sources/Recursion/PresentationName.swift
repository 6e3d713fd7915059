/// Turns wire-form names into the text libunbound's functions take.
enum PresentationName {
  /// Most octets of text: four for each octet of the longest name, and the final zero.
  static let capacity = 4 * 255 + 1

  /// Writes `name` as a zero-terminated string to the start of `text`, which has `capacity` octets.
  ///
  /// Everything but letters, digits, hyphen and underscore is written as `\DDD` (RFC 1035 §5.1),
  /// so that no octet can be taken for syntax.
  static func write(_ name: Span<UInt8>, into text: inout [CChar]) {
    var target = text.mutableSpan
    var end = 0
    var position = 0
    while position < name.count, name[position] != 0 {
      let length = Int(name[position])
      guard position + length < name.count else { break }
      for index in position + 1..<position + 1 + length { append(name[index], to: &target, &end) }
      append(UInt8(ascii: "."), at: &end, of: &target)
      position += length + 1
    }
    if end == 0 { append(UInt8(ascii: "."), at: &end, of: &target) }
    append(0, at: &end, of: &target)
  }

  private static func append(
    _ octet: UInt8, to target: inout MutableSpan<CChar>, _ end: inout Int
  ) {
    switch octet {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      append(octet, at: &end, of: &target)
    default:
      let zero = UInt8(ascii: "0")
      append(UInt8(ascii: "\\"), at: &end, of: &target)
      append(zero + octet / 100, at: &end, of: &target)
      append(zero + octet / 10 % 10, at: &end, of: &target)
      append(zero + octet % 10, at: &end, of: &target)
    }
  }

  private static func append(
    _ octet: UInt8, at end: inout Int, of target: inout MutableSpan<CChar>
  ) {
    target[end] = CChar(bitPattern: octet)
    end += 1
  }
}
