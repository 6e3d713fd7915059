/// The first thing in a byte string that makes it unfit to be handed to the YAML parser.
struct TextFlaw: Equatable {
  var line: Int
  var column: Int
  var message: String

  /// Scans once, front to back; nil when the text is fit.
  static func find(in bytes: [UInt8]) -> TextFlaw? {
    var scan = Scan(bytes: bytes)
    while scan.index < bytes.count {
      let byte = bytes[scan.index]
      let length = byte < 0x80 ? 1 : scalarLength(bytes, at: scan.index)
      guard length > 0 else {
        return scan.flaw(
          "invalid UTF-8 (byte 0x\(String(byte, radix: 16))); save the file as UTF-8")
      }
      if isControl(byte) {
        return scan.flaw("control character 0x\(String(byte, radix: 16)); is this a text file?")
      }
      if byte == UInt8(ascii: "*"), scan.isAlias {
        return scan.flaw(
          "YAML aliases (*name) are not supported; write the value out, or put text in quotes")
      }
      scan.advance(byte, length)
    }
    return nil
  }

  private static func isControl(_ byte: UInt8) -> Bool {
    (byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D) || byte == 0x7F
  }

  /// Length of the well-formed UTF-8 sequence at `index` (RFC 3629 §4), 0 when malformed.
  private static func scalarLength(_ bytes: [UInt8], at index: Int) -> Int {
    let lead = bytes[index]
    let length =
      switch lead {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 0
      }
    guard length > 0, index + length <= bytes.count else { return 0 }
    // The second byte's range excludes overlong forms, surrogates and values above U+10FFFF.
    let second: ClosedRange<UInt8> =
      switch lead {
      case 0xE0: 0xA0...0xBF
      case 0xED: 0x80...0x9F
      case 0xF0: 0x90...0xBF
      case 0xF4: 0x80...0x8F
      default: 0x80...0xBF
      }
    guard second.contains(bytes[index + 1]) else { return 0 }
    for offset in 2..<max(2, length) where !(0x80...0xBF).contains(bytes[index + offset]) {
      return 0
    }
    return length
  }
}

/// Where the scan stands, and what came last.
private struct Scan {
  let bytes: [UInt8]
  var index = 0
  private var line = 1
  private var column = 1
  /// Last byte on this line that is no blank; newline at the start of a line.
  private var lastSolid = UInt8(ascii: "\n")
  private var inLineComment = false

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// Whether the `*` at `index` may start an alias.
  ///
  /// An alias is a node of its own, so what precedes it is the start of a line or an indicator
  /// (YAML 1.2 §7.1). Line breaks outside ASCII (NEL, LS, PS) are known to libyaml: any byte
  /// above 0x7F counts as one. This errs on the safe side inside quoted text and block scalars.
  var isAlias: Bool {
    guard !inLineComment, index + 1 < bytes.count, bytes[index + 1] > 0x20 else { return false }
    return lastSolid >= 0x80 || "\n:-?,[{".utf8.contains(lastSolid)
  }

  mutating func advance(_ byte: UInt8, _ length: Int) {
    if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
      // CR LF counts once, at its LF.
      if byte == UInt8(ascii: "\n") || index + 1 >= bytes.count || bytes[index + 1] != 0x0A {
        line += 1
      }
      (column, lastSolid, inLineComment) = (1, UInt8(ascii: "\n"), false)
    } else {
      if byte == UInt8(ascii: "#"), lastSolid == UInt8(ascii: "\n") { inLineComment = true }
      // One of libyaml's line breaks outside ASCII would end the comment.
      if byte >= 0x80, index > 0 { inLineComment = false }
      let isByteOrderMark = index == 0 && byte == 0xEF
      if byte != 0x20, byte != 0x09, !isByteOrderMark { lastSolid = byte }
      column += 1
    }
    index += length
  }

  func flaw(_ message: String) -> TextFlaw {
    TextFlaw(line: line, column: column, message: message)
  }
}
