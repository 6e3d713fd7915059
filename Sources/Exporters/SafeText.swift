/// Makes strings that came from outside (feeds, seed files) safe to print or to export.
package enum SafeText {
  /// For a terminal: printable ASCII stays, every other scalar becomes `\u{…}`.
  ///
  /// Control characters could otherwise move the cursor or change the window's title, and
  /// bidirectional marks make a name look like another.
  package static func terminal(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
      if (0x20...0x7e).contains(scalar.value) {
        safe.unicodeScalars.append(scalar)
      } else {
        safe += "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
    return safe
  }

  /// A JSON string with its quotes (RFC 8259 §7); control characters escaped.
  package static func json(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      // C1 controls and DEL are allowed in JSON, but not wanted on a terminal.
      case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// A quoted CSV field (RFC 4180) that no spreadsheet takes for a formula.
  ///
  /// Octets outside printable ASCII become `?` (IntelMQ's names allow no others), and a field that
  /// begins with `=`, `+`, `-` or `@` gets an apostrophe in front (OWASP, CSV injection).
  package static func csv(_ text: String) -> String {
    var field = String(
      decoding: text.unicodeScalars.map { scalar in
        (0x20...0x7e).contains(scalar.value)
          ? UInt8(truncatingIfNeeded: scalar.value) : UInt8(ascii: "?")
      }, as: UTF8.self)
    if let first = field.first, "=+-@".contains(first) { field = "'" + field }
    return "\""
      + field.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
