public import DNSWire

/// Of which zones an answer is, for forgetting all that lies below a name: a short keyed hash of the
/// name asked for and of each name above it.
///
/// 32 bits are enough: a false match costs one question to the Internet. An answer of which nothing
/// is known counts as being of any zone.
public struct AnswerOrigin: Sendable, Equatable {
  /// Names above a name that are told apart, from the top-level domain down; deeper ones share the
  /// deepest that is.
  static let depth = 10

  /// At place *n* the hash of the last *n* + 1 labels; 0 where there are fewer labels.
  var hashes = InlineArray<10, UInt32>(repeating: 0)

  /// Nothing is known.
  public init() {}

  /// The name asked for.
  public init(_ name: borrowing NameBuffer, key: SipHash.Key) {
    for place in 0..<min(name.labelCount, Self.depth) {
      let start = name.labelOffset(name.labelCount - place - 1)
      let hash = SipHash.hash(name.canonicalBytes, from: start, key: key)
      // 0 stands for no label.
      hashes[place] = max(1, UInt32(truncatingIfNeeded: hash.low))
    }
  }

  /// Whether both stand for the same name.
  public static func == (left: AnswerOrigin, right: AnswerOrigin) -> Bool {
    (0..<depth).allSatisfy { left.hashes[$0] == right.hashes[$0] }
  }

  /// Whether an answer of this origin can be of `zone` or below it.
  func isWithin(_ zone: AnswerOrigin) -> Bool {
    guard hashes[0] != 0 else { return true }
    return (0..<Self.depth).allSatisfy { zone.hashes[$0] == 0 || zone.hashes[$0] == hashes[$0] }
  }
}
