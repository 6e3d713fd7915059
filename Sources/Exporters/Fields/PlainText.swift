/// Texts within formats that are lines.
enum PlainText {
  /// One line of printable ASCII: every other character becomes `\u{…}`, so that no name or label
  /// can end a line, a field or a frame.
  static func line(_ text: String) -> String { SafeText.terminal(text) }

  /// The text with a backslash before each of some characters.
  static func escape(_ text: String, _ characters: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      if characters.unicodeScalars.contains(scalar) { escaped += "\\" }
      escaped.unicodeScalars.append(scalar)
    }
    return escaped
  }

  /// At most `limit` characters of printable ASCII.
  static func clipped(_ text: String, _ limit: Int) -> String {
    text.utf8.count <= limit ? text : String(text.prefix(limit - 3)) + "..."
  }
}

/// Names as hosts have them: what formats for host names can hold.
package enum HostName {
  /// Whether a name is one: labels of letters, digits, hyphens and underscores, at most 63 octets
  /// each and 253 in all (RFC 1035 §2.3.4; RFC 8552 for the underscore), and not all digits last.
  package static func isValid(_ name: String) -> Bool {
    guard (1...253).contains(name.utf8.count) else { return false }
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count > 1, let last = labels.last,
      !last.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return false }
    return labels.allSatisfy { label in
      (1...63).contains(label.count) && label.first != UInt8(ascii: "-")
        && label.last != UInt8(ascii: "-")
        && label.allSatisfy { octet in
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
            || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "_")
        }
    }
  }
}
