import DNSWire

/// The blank-separated fields of an entry before its rdata.
struct EntryFields {
  private let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) {
    self.text = text
    skipBlanks()
  }

  /// What has not been taken yet.
  var rest: ArraySlice<UInt8> { text[position...] }

  /// The next field, which stays the next.
  func peek() -> ArraySlice<UInt8>? {
    var end = position
    while end < text.count, !LogicalLines.isBlank(text[end]) {
      end += text[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    end = min(end, text.count)
    return end > position ? text[position..<end] : nil
  }

  /// Takes the next field.
  mutating func next() -> ArraySlice<UInt8>? {
    guard let field = peek() else { return nil }
    position = field.endIndex
    skipBlanks()
    return field
  }

  /// Drops the next field.
  mutating func skip() {
    _ = next()
  }

  private mutating func skipBlanks() {
    while position < text.count, LogicalLines.isBlank(text[position]) { position += 1 }
  }
}

// MARK: - Meaning of fields

extension MasterFileParser {
  /// A domain name, completed with `origin` unless it ends with a dot; `@` is the origin.
  static func name(
    _ field: ArraySlice<UInt8>?, origin: Name
  ) throws(MasterFileFault) -> Name {
    guard let field else {
      throw MasterFileFault(problem: "a name is missing", advice: "write it or @")
    }
    if field.elementsEqual([UInt8(ascii: "@")]) { return origin }
    guard field.allSatisfy({ $0 < 0x80 }) else {
      throw MasterFileFault(
        problem: "'\(quoted(field))' is not ASCII",
        advice: "write the name in Punycode, or the octets as \\ddd")
    }
    do throws(WireError) {
      let name = try Name(String(decoding: field, as: UTF8.self))
      guard !isAbsolute(field) else { return name }
      return try Name(wire: Array(name.wire.dropLast()) + origin.wire)
    } catch {
      throw MasterFileFault(
        problem: "'\(quoted(field))' is no domain name (\(error.kind))",
        advice: "labels have 1 to 63 octets, names up to 255 (RFC 1035 §2.3.4)")
    }
  }

  /// Whether the text ends with a dot that is not escaped.
  private static func isAbsolute(_ field: ArraySlice<UInt8>) -> Bool {
    guard field.last == UInt8(ascii: ".") else { return false }
    let backslashes = field.dropLast().reversed().prefix { $0 == UInt8(ascii: "\\") }.count
    return backslashes % 2 == 0
  }

  /// A time such as `3600` or `1h30m`, nil if the field is none.
  static func ttl(_ field: ArraySlice<UInt8>) throws(MasterFileFault) -> UInt32? {
    guard let first = field.first, (0x30...0x39).contains(first) else { return nil }
    var total: UInt64 = 0
    var number: UInt64?
    for octet in field {
      if (0x30...0x39).contains(octet) {
        number = min((number ?? 0) * 10 + UInt64(octet - 0x30), 1 << 40)
      } else {
        guard let value = number, let unit = seconds(perUnit: octet) else { return nil }
        total += value * unit
        number = nil
      }
    }
    total += number ?? 0
    guard let ttl = UInt32(exactly: total), ttl <= maximumTTL else {
      throw MasterFileFault(
        problem: "TTL \(quoted(field)) is too large",
        advice: "use at most \(maximumTTL) (RFC 2181 §8)")
    }
    return ttl
  }

  private static func seconds(perUnit octet: UInt8) -> UInt64? {
    switch octet.asciiLowercased {
    case UInt8(ascii: "s"): return 1
    case UInt8(ascii: "m"): return 60
    case UInt8(ascii: "h"): return 3600
    case UInt8(ascii: "d"): return 86_400
    case UInt8(ascii: "w"): return 604_800
    default: return nil
    }
  }

  /// Whether the field names class IN (true) or another class (false); nil if it names none.
  static func isInternetClass(_ field: ArraySlice<UInt8>) -> Bool? {
    switch String(decoding: field, as: UTF8.self).uppercased() {
    case "IN", "CLASS1": return true
    case "CH", "HS", "CS", "NONE", "ANY": return false
    case let text where text.hasPrefix("CLASS") && UInt16(text.dropFirst(5)) != nil: return false
    default: return nil
    }
  }

  /// A field for a message: printable and short whatever the file holds.
  static func quoted(_ field: ArraySlice<UInt8>) -> String {
    let longest = 60
    var text = ""
    for octet in field.prefix(longest) {
      text += (0x21...0x7E).contains(octet) ? String(UnicodeScalar(octet)) : "?"
    }
    return field.count > longest ? text + "…" : text
  }

  /// Refuses text behind the last field of a directive.
  static func expectEnd(_ fields: inout EntryFields) throws(MasterFileFault) {
    if let extra = fields.next() {
      throw MasterFileFault(
        problem: "'\(quoted(extra))' behind the end of the directive",
        advice: "remove it")
    }
  }
}
