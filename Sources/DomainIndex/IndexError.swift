public import DataFiles

/// Why an index cannot be used or made.
public enum IndexError: DataFileProblem, Equatable, Sendable, CustomStringConvertible {
  /// The system refused a file operation: which one, on which file, and `errno`.
  case system(operation: String, path: String, errno: Int32)
  /// The file does not begin like an index.
  case notAnIndex(path: String)
  /// The file has another format version.
  case otherVersion(path: String, found: UInt32, expected: UInt32)
  /// The file is shorter or longer than its header says, or a checksum differs.
  case damaged(path: String, section: String)
  /// More rows, ordinals or names than the format holds.
  case tooLarge(String)

  /// What is shown to people.
  public var description: String {
    switch self {
    case .system(let operation, let path, let code):
      "cannot \(operation) \(path): \(String(systemError: code))"
    case .notAnIndex(let path):
      "\(path) is not a Ponor index: make one with 'ponor index build'"
    case .otherVersion(let path, let found, let expected):
      "\(path) has index format \(found), this program reads \(expected): "
        + "make a new one with 'ponor index build'"
    case .damaged(let path, let section):
      "\(path) is damaged (\(section)): make a new one with 'ponor index build'"
    case .tooLarge(let what):
      "the index cannot hold this: \(what)"
    }
  }
}
