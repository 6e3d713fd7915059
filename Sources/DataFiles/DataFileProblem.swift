import Glibc

/// What can go wrong with a file, as the error of whoever reads or writes it.
public protocol DataFileProblem: Error {
  /// The system refused an operation on a file.
  static func system(operation: String, path: String, errno: Int32) -> Self
  /// The file is too short to be what it should be.
  static func notAnIndex(path: String) -> Self
}

extension String {
  /// The text of a system error number.
  public init(systemError code: Int32) {
    // strerror's buffer is copied at once; the message is for people, so a rare race is harmless.
    self = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
