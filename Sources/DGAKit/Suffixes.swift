/// A list of suffixes such as `.com` or `.co.uk`, ready to be added to names.
public struct Suffixes: Sendable {
  @usableFromInline let words: WordList

  /// The suffixes in order, each with or without its leading dot.
  public init(_ suffixes: [String]) {
    words = WordList(suffixes.map { $0.hasPrefix(".") ? $0 : "." + $0 })
  }

  /// The number of suffixes, repeats included.
  @inlinable
  public var count: Int { words.count }

  /// Adds a suffix with its dot, by its place in the list, which must be in `0..<count`.
  @inlinable
  public func append(_ position: Int, to name: inout DomainBuffer) {
    words.append(position, to: &name)
  }
}
