import CheckedYAML
import Foundation

/// Reads a file of any size piece by piece.
enum ChunkedFile {
  /// Octets read at a time: large enough that the system call does not count.
  private static let chunk = 1 << 20

  /// Hands the file's content to `body`, in order; throws when it cannot be read to the end.
  static func read(_ path: String, _ body: ([UInt8]) throws(SourceProblem) -> Void)
    throws(SourceProblem)
  {
    let handle = try open(path)
    defer { try? handle.close() }
    var isFirst = true
    while true {
      let bytes: [UInt8]
      do {
        guard let data = try handle.read(upToCount: chunk), !data.isEmpty else { return }
        bytes = Array(data)
      } catch {
        throw SourceProblem(file: path, "cannot read the file: \(FileFailure.reason(error))")
      }
      // A compressed file is the one binary file an operator is likely to hand in.
      if isFirst, bytes.starts(with: [0x1F, 0x8B]) || bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
        throw SourceProblem(file: path, "the file is compressed; decompress it first")
      }
      isFirst = false
      try body(bytes)
    }
  }

  private static func open(_ path: String) throws(SourceProblem) -> FileHandle {
    do {
      return try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    } catch {
      throw SourceProblem(file: path, "cannot read the file: \(FileFailure.reason(error))")
    }
  }
}
