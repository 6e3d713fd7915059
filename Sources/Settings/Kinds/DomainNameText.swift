/// Domain names in the configuration.
enum DomainNameText {
  /// The name in lower case without its trailing dot (the root stays `.`).
  ///
  /// Limits are RFC 1035 §3.1's: labels of 1…63 octets, 253 octets of text. Escapes are not read:
  /// a configured zone or protected name never needs one.
  static func normalized(_ text: String) throws(BadValue) -> String {
    if text == "." { return text }
    let name = text.hasSuffix(".") ? text.dropLast() : text[...]
    guard name.utf8.count <= 253 else { throw BadValue("is longer than 253 octets") }
    for label in name.split(separator: ".", omittingEmptySubsequences: false) {
      guard !label.isEmpty else { throw BadValue("has an empty label; check its dots") }
      guard label != "*" else {
        throw BadValue("has a wildcard; names below a name are always included, leave out the *")
      }
      guard label.utf8.count <= 63 else { throw BadValue("has a label longer than 63 octets") }
      guard label.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else {
        throw BadValue(
          "has a character that is not printable ASCII; write international names as xn--…")
      }
    }
    return name.lowercased()
  }
}
