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

  /// Printable ASCII; every other scalar becomes `?`.
  package static func ascii(_ text: String) -> String {
    String(
      decoding: text.unicodeScalars.map { scalar in
        (0x20...0x7e).contains(scalar.value)
          ? UInt8(truncatingIfNeeded: scalar.value) : UInt8(ascii: "?")
      }, as: UTF8.self)
  }

  /// A quoted CSV field (RFC 4180) that no spreadsheet takes for a formula.
  ///
  /// Octets outside printable ASCII become `?` (IntelMQ's names allow no others), and a field that
  /// begins with `=`, `+`, `-` or `@` gets an apostrophe in front (OWASP, CSV injection).
  package static func csv(_ text: String) -> String {
    var field = ""
    // PHP, in which AbuseIO is written, takes a backslash before a quote for an escape: one without
    // a partner must not stand there. (In names backslashes that stand there come in pairs.)
    var isOdd = false
    func endRun() {
      if isOdd {
        field.removeLast()
        field += "?"
      }
      isOdd = false
    }
    for scalar in ascii(text).unicodeScalars {
      if scalar == "\"" {
        endRun()
        field += "\""
      } else {
        isOdd = scalar == "\\" && !isOdd
      }
      field.unicodeScalars.append(scalar)
    }
    endRun()
    if let first = field.first, "=+-@".contains(first) { field = "'" + field }
    return "\"" + field + "\""
  }

  /// A quoted CSV field (RFC 4180) in any script, which no spreadsheet takes for a formula.
  ///
  /// What must not be printed is escaped as in `visible`; a field that begins with `=`, `+`, `-`, `@`,
  /// or their full-width forms, gets an apostrophe in front.
  package static func spreadsheet(_ text: String) -> String {
    let isFormula = text.unicodeScalars.first.map { formulaStarts.contains($0) } ?? false
    let field = visible(text).split(separator: "\"", omittingEmptySubsequences: false)
    return "\"" + (isFormula ? "'" : "") + field.joined(separator: "\"\"") + "\""
  }

  /// Text of any script in which nothing controls a terminal, breaks a line or hides: control
  /// characters, line separators and marks of writing direction become `\u{…}`.
  package static func visible(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
      if isVisible(scalar) {
        safe.unicodeScalars.append(scalar)
      } else {
        safe += "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
    return safe
  }

  private static let formulaStarts: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}",
  ]

  /// Whether a scalar neither controls anything nor is invisible.
  static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: false
    default: true
    }
  }
}
