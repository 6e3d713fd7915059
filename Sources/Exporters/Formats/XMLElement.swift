/// A piece of XML 1.0, put together from its parts.
struct XMLElement {
  let text: String

  /// An element with text in it, or none.
  init(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text: String? = nil) {
    self.init(name, attributes, content: text.map { Self.escape($0) } ?? "")
  }

  /// An element with elements in it.
  init(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], children: [XMLElement]
  ) {
    self.init(name, attributes, content: children.map(\.text).joined())
  }

  private init(_ name: String, _ attributes: KeyValuePairs<String, String?>, content: String) {
    var start = "<" + name
    for (key, value) in attributes {
      guard let value else { continue }
      start += " \(key)=\"\(Self.escape(value))\""
    }
    text = content.isEmpty ? start + "/>" : "\(start)>\(content)</\(name)>"
  }

  /// Markup becomes references; what XML may not hold, not even as a reference (control characters,
  /// XML 1.0 §2.2), becomes `\u{…}`, and so do marks that only mislead a reader.
  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case _ where SafeText.isVisible(scalar): escaped.unicodeScalars.append(scalar)
      default: escaped += "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
    return escaped
  }
}
