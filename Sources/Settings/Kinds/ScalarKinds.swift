extension ValueKind where Value == Bool {
  /// `true` or `false`.
  static var flag: ValueKind {
    .scalar(
      "boolean", allowed: "true | false",
      parse: { (text) throws(BadValue) in
        switch text {
        case "true": return true
        case "false": return false
        default: throw BadValue("is neither true nor false")
        }
      }, encode: { $0 ? "true" : "false" })
  }
}

extension ValueKind where Value == Int {
  /// A whole number in a range; underscores may group digits.
  static func integer(_ range: ClosedRange<Int>, unit: String = "") -> ValueKind {
    let name = unit.isEmpty ? "integer" : "integer, \(unit)"
    let allowed = "\(range.lowerBound) … \(range.upperBound)"
    return .scalar(
      name, allowed: allowed,
      parse: { (text) throws(BadValue) in
        guard let number = Int(text.filter { $0 != "_" }), text.first?.isASCII == true,
          range.contains(number)
        else { throw BadValue("is not a whole number of the range \(allowed)") }
        return number
      }, encode: { String($0) })
  }
}

extension ValueKind where Value == String {
  /// Any text up to a number of UTF-8 octets.
  static func string(upTo limit: Int) -> ValueKind {
    .scalar(
      "text", allowed: "up to \(limit) octets",
      parse: { (text) throws(BadValue) in
        guard text.utf8.count <= limit else {
          throw BadValue("is longer than \(limit) octets; shorten it")
        }
        return text
      }, encode: { YAMLText.quoted($0) })
  }

  /// A path of a file or directory, relative to the configuration file's directory.
  static var path: ValueKind {
    var kind = ValueKind.scalar(
      "path",
      parse: { (text) throws(BadValue) in
        guard !text.isEmpty else { throw BadValue("is an empty path; name a file or directory") }
        guard text.utf8.count < longestPath else {
          throw BadValue("is longer than \(longestPath) octets")
        }
        return text
      }, encode: { YAMLText.quoted($0) })
    kind.paths = { [$0] }
    kind.rebase = { path, base in
      guard !path.hasPrefix("/"), !base.isEmpty, base != "." else { return path }
      let tail = path.hasPrefix("./") ? path.dropFirst(2) : path[...]
      return base.hasSuffix("/") ? base + tail : base + "/" + tail
    }
    return kind
  }

  /// Linux's PATH_MAX (limits.h), terminating zero included.
  private static var longestPath: Int { 4096 }

  /// A domain name in presentation form; stored lower case without trailing dot, the root as `.`.
  static var domainName: ValueKind {
    .scalar(
      "domain name",
      parse: { (text) throws(BadValue) in try DomainNameText.normalized(text) },
      encode: { YAMLText.quoted($0) })
  }

  /// A family, or one variant of it, as `family/variant`.
  static var familyName: ValueKind {
    .scalar(
      "family or family/variant",
      parse: { (text) throws(BadValue) in
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isName = { (part: Substring) in
          !part.isEmpty && part.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2C }
        }
        guard parts.count <= 2, text.utf8.count <= 128, parts.allSatisfy(isName) else {
          throw BadValue("is no family name; see `ponor models list`")
        }
        return text
      }, encode: { YAMLText.quoted($0) })
  }

  /// A mail address, for contact details.
  static var mailAddress: ValueKind {
    .scalar(
      "mail address",
      parse: { (text) throws(BadValue) in
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let local = parts.first?.utf8
        guard parts.count == 2, let local, (1...63).contains(local.count),
          local.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C })
        else { throw BadValue("is no mail address; write it like abuse@example.net") }
        _ = try DomainNameText.normalized(String(parts[1]))
        return text
      }, encode: { YAMLText.quoted($0) })
  }

  /// A DS or DNSKEY record in presentation form; only its shape is checked here.
  static var trustAnchor: ValueKind {
    .scalar(
      "DS or DNSKEY record",
      parse: { (text) throws(BadValue) in
        let words = text.split(whereSeparator: \.isWhitespace).map { $0.uppercased() }
        guard words.count >= 5,
          let type = words.firstIndex(where: { $0 == "DS" || $0 == "DNSKEY" }),
          (1...3).contains(type), words.count >= type + 5,
          UInt16(words[type + 1]) != nil,
          UInt8(words[type + (words[type] == "DS" ? 3 : 2)]) != nil,
          isAlgorithm(words[type + (words[type] == "DS" ? 2 : 3)])
        else {
          throw BadValue("is no trust anchor; write a record like \". IN DS 20326 8 2 E06D…\"")
        }
        return text
      }, encode: { YAMLText.quoted($0) })
  }

  /// A number, or a mnemonic such as RSASHA256 (RFC 4034 appendix A.1).
  private static func isAlgorithm(_ word: String) -> Bool {
    if let first = word.utf8.first, (0x30...0x39).contains(first) { return UInt8(word) != nil }
    return word.utf8.allSatisfy {
      $0 == 0x2D || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
    }
  }
}

extension ValueKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of an enumeration's words.
  static var choice: ValueKind {
    let words = Value.allCases.map(\.rawValue)
    return .scalar(
      "word", allowed: words.joined(separator: " | "),
      parse: { (text) throws(BadValue) in
        guard let value = Value(rawValue: text) else {
          throw BadValue("is unknown here; expected \(words.joined(separator: ", "))")
        }
        return value
      }, encode: { $0.rawValue })
  }
}

extension ValueKind where Value == ThreadCount {
  /// `auto` or a number of threads.
  static func threads(upTo limit: Int) -> ValueKind {
    .scalar(
      "auto or integer", allowed: "auto | 1 … \(limit)",
      parse: { (text) throws(BadValue) in
        if text == "auto" { return .auto }
        guard let count = Int(text), (1...limit).contains(count) else {
          throw BadValue("is neither auto nor a whole number of the range 1 … \(limit)")
        }
        return .count(count)
      },
      encode: { value in
        switch value {
        case .auto: "auto"
        case .count(let count): String(count)
        }
      })
  }
}
