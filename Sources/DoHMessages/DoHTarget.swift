/// The target of a request: a path, and perhaps a query behind a question mark (RFC 9112 §3.2).
public struct DoHTarget: Sendable, Equatable {
  /// The path, as sent.
  public let path: Substring.UTF8View
  /// What stands behind the question mark; nil without one.
  public let query: Substring.UTF8View?

  /// Splits a target in origin or absolute form; anything is a target, if not one that leads here.
  public init(_ text: String) {
    let origin = Self.origin(Substring(text).utf8)
    let mark = origin.firstIndex(of: UInt8(ascii: "?"))
    path = origin[..<(mark ?? origin.endIndex)]
    query = mark.map { origin[origin.index(after: $0)...] }
  }

  /// Whether both ask for the same.
  public static func == (one: DoHTarget, other: DoHTarget) -> Bool {
    one.path.elementsEqual(other.path) && one.query.map(Array.init) == other.query.map(Array.init)
  }

  /// RFC 9112 §3.2.2: a server takes the absolute form too; scheme and authority go.
  private static func origin(_ text: Substring.UTF8View) -> Substring.UTF8View {
    guard text.first != UInt8(ascii: "/") else { return text }
    for scheme in ["https://", "http://"] where text.starts(with: scheme.utf8) {
      let rest = text.dropFirst(scheme.utf8.count)
      return rest[(rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex)...]
    }
    return text
  }

  /// The value of a variable of the query, as sent: nothing DNS needs is ever percent-encoded.
  ///
  /// - Returns: nil if it is missing or given more than once, which two readers could understand
  ///   in two ways.
  public func value(of name: String) -> Substring.UTF8View? {
    guard let query else { return nil }
    var found: Substring.UTF8View?
    var rest = query
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "&")) ?? rest.endIndex
      let pair = rest[..<end]
      rest = end < rest.endIndex ? rest[rest.index(after: end)...] : rest[end...]
      let value = pair.dropFirst(name.utf8.count)
      guard pair.starts(with: name.utf8), value.first == UInt8(ascii: "=") else { continue }
      guard found == nil else { return nil }
      found = value.dropFirst()
    }
    return found
  }
}
