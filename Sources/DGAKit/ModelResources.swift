/// A word list a family's algorithm needs: which file, and exactly which content.
public struct WordListPin: Sendable, Hashable {
  /// The file's name in the word list directory.
  public var file: String
  /// The SHA-256 of its content, 64 lower-case hexadecimal digits.
  public var sha256: String

  /// A file name and the SHA-256 of its content.
  public init(file: String, sha256: String) {
    self.file = file
    self.sha256 = sha256
  }
}

/// What the caller has read from files on behalf of the models, as bytes.
public struct ModelResources: Sendable {
  /// The content of word lists by file name.
  public var wordLists: [String: [UInt8]]
  /// Where the caller looked for them, for messages only.
  public var directory: String?

  /// Resources from the content of word list files.
  public init(wordLists: [String: [UInt8]] = [:], directory: String? = nil) {
    self.wordLists = wordLists
    self.directory = directory
  }

  /// No resources: families that need a word list say which one is missing.
  public static let none = ModelResources()

  /// The words of a list, after its content was compared with the pin.
  public func words(of pin: WordListPin) throws(ModelError) -> WordList {
    guard let content = wordLists[pin.file] else {
      throw .missingWordList(
        file: pin.file, directory: directory, expectedSHA256: pin.sha256)
    }
    let found = SHA256.hash(content).hexadecimal
    guard found == pin.sha256 else {
      throw .alteredWordList(
        file: pin.file, directory: directory, expectedSHA256: pin.sha256, foundSHA256: found)
    }
    return WordList(lines: content)
  }
}

/// Words in order, stored end to end, so that reading one does not allocate.
public struct WordList: Sendable {
  @usableFromInline var octets: [UInt8]
  /// Where each word starts, and the end of the last.
  @usableFromInline var starts: [Int32]

  /// The lines of a file, each without spaces, tabs and line ends around it; empty lines are kept.
  public init(lines content: [UInt8]) {
    var words = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if words.last?.isEmpty == true { words.removeLast() }
    self.init(words.map { $0.trimmingBlanks })
  }

  /// Words given as texts.
  public init(_ words: [String]) {
    self.init(words.map { ArraySlice($0.utf8) })
  }

  private init(_ words: [ArraySlice<UInt8>]) {
    octets = []
    starts = [0]
    for word in words {
      octets += word
      starts.append(Int32(truncatingIfNeeded: octets.count))
    }
  }

  /// The number of words.
  @inlinable
  public var count: Int { starts.count - 1 }

  /// The octets of a word, by its place in the list, which must be in `0..<count`.
  @inlinable
  public subscript(position: Int) -> ArraySlice<UInt8> {
    octets[Int(starts[position])..<Int(starts[position + 1])]
  }

  /// Adds a word, by its place in the list, to a name.
  @inlinable
  public func append(_ position: Int, to name: inout DomainBuffer) {
    let start = Int(starts[position])
    name.append(octets.span.extracting(start..<Int(starts[position + 1])))
  }
}

extension ArraySlice<UInt8> {
  fileprivate var trimmingBlanks: ArraySlice<UInt8> {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    var trimmed = drop(while: isBlank)
    while let last = trimmed.last, isBlank(last) { trimmed.removeLast() }
    return trimmed
  }
}
