/// A JSON value put together in code: what formats with nested objects build theirs from.
///
/// Members keep the order in which they are written; absent ones leave no trace, so that a table of
/// fields can name what a record may lack.
package indirect enum JSONTree: Equatable, Sendable {
  /// A member of an object.
  package struct Member: Equatable, Sendable {
    /// Its name.
    package var key: String
    /// Its value.
    package var value: JSONTree
  }

  /// A string.
  case text(String)
  /// A whole number.
  case integer(Int64)
  /// A number with a fraction; what is not finite has no JSON form and is left out.
  case real(Double)
  /// True or false.
  case flag(Bool)
  /// An array.
  case list([JSONTree])
  /// An object.
  case object([Member])
  /// Nothing: left out of the object or array it is in.
  case absent

  /// A string, or nothing; an empty string is nothing too.
  package static func text(optional text: String?) -> JSONTree {
    guard let text, !text.isEmpty else { return .absent }
    return .text(text)
  }

  /// A whole number, or nothing; what is larger than 63 bits becomes the largest.
  package static func integer(optional number: (some BinaryInteger)?) -> JSONTree {
    number.map { .integer(Int64(clamping: $0)) } ?? .absent
  }

  /// An array of strings; an empty one is nothing.
  package static func texts(_ texts: [String]) -> JSONTree {
    texts.isEmpty ? .absent : .list(texts.map { .text($0) })
  }

  /// Whether it leaves no trace.
  package var isAbsent: Bool {
    switch self {
    case .absent: true
    case .real(let value): !value.isFinite
    default: false
    }
  }

  /// The value as JSON text on one line (RFC 8259), without a line end.
  package var text: String {
    var text = ""
    write(to: &text, isCanonical: false)
    return text
  }

  /// The value with its members sorted by name, as RFC 8785 wants it for hashing.
  ///
  /// Only for values whose strings are printable ASCII and whose names are too: then the escapes
  /// are RFC 8785's and the order of octets is that of UTF-16 units.
  package var canonicalText: String {
    var text = ""
    write(to: &text, isCanonical: true)
    return text
  }

  private func write(to text: inout String, isCanonical: Bool) {
    switch self {
    case .text(let value): text += SafeText.json(value)
    case .integer(let value): text += String(value)
    case .real(let value): text += value.isFinite ? "\(value)" : "null"
    case .flag(let value): text += value ? "true" : "false"
    case .absent: text += "null"
    case .list(let values):
      text += "["
      for (index, value) in values.lazy.filter({ !$0.isAbsent }).enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text, isCanonical: isCanonical)
      }
      text += "]"
    case .object(let members):
      let present = members.filter { !$0.value.isAbsent }
      let ordered = isCanonical ? present.sorted { $0.key < $1.key } : present
      text += "{"
      for (index, member) in ordered.enumerated() {
        if index > 0 { text += "," }
        text += SafeText.json(member.key) + ":"
        member.value.write(to: &text, isCanonical: isCanonical)
      }
      text += "}"
    }
  }
}

// MARK: - Literals

extension JSONTree: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(booleanLiteral value: Bool) { self = .flag(value) }
  package init(arrayLiteral elements: JSONTree...) { self = .list(elements) }
  package init(dictionaryLiteral elements: (String, JSONTree)...) {
    self = .object(elements.map { Member(key: $0.0, value: $0.1) })
  }
}

// MARK: - Paths

extension JSONTree {
  /// Sets the member at a dotted path, making the objects on the way.
  ///
  /// A path that runs through something that is no object replaces it.
  package mutating func set(_ path: String, to value: JSONTree) {
    guard !value.isAbsent else { return }
    set(path.split(separator: ".").map(String.init)[...], to: value)
  }

  private mutating func set(_ path: ArraySlice<String>, to value: JSONTree) {
    guard let key = path.first else {
      self = value
      return
    }
    var members: [Member] = []
    if case .object(let present) = self { members = present }
    // Let go of what is about to change: an array that two hold is copied.
    self = .absent
    let index = members.firstIndex { $0.key == key } ?? members.count
    if index == members.count { members.append(Member(key: key, value: .object([]))) }
    var inner = JSONTree.absent
    swap(&inner, &members[index].value)
    inner.set(path.dropFirst(), to: value)
    members[index].value = inner
    self = .object(members)
  }
}
