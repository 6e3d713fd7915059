import Glibc

/// A file being written, which nobody reads before it is finished and has its final name.
///
/// Unsafe code is needed to hand octets to `pwrite`.
public struct OutputFile<Problem: DataFileProblem>: ~Copyable {
  private let path: String
  private let descriptor: Int32

  /// Begins a file at `path`; what stands there is deleted.
  ///
  /// - Parameter mode: who may read it: index files hold secrets of hashes, or personal data.
  public init(path: String, mode: UInt32 = 0o600) throws(Problem) {
    self.path = path
    // A file left behind might have wider rights; the new one begins with the owner's alone.
    unsafe unlink(path)
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0, fchmod(descriptor, mode) == 0 else {
      throw .system(operation: "create", path: path, errno: errno)
    }
  }

  deinit { close(descriptor) }

  /// Writes octets at a place of the file.
  public func write(_ octets: [UInt8], at offset: Int) throws(Problem) {
    var done = 0
    while done < octets.count {
      let written = unsafe octets.withUnsafeBytes { buffer in
        unsafe pwrite(
          descriptor, buffer.baseAddress?.advanced(by: done), buffer.count - done,
          off_t(offset + done))
      }
      guard written > 0 else { throw .system(operation: "write", path: path, errno: errno) }
      done += written
    }
  }

  /// Gives the file its size and has it on disk.
  public func finish(size: Int) throws(Problem) {
    guard ftruncate(descriptor, off_t(size)) == 0, fsync(descriptor) == 0 else {
      throw .system(operation: "write", path: path, errno: errno)
    }
  }

  /// Moves a finished file to its final name.
  public static func rename(_ path: String, to final: String) throws(Problem) {
    guard unsafe Glibc.rename(path, final) == 0 else {
      throw .system(operation: "rename", path: path, errno: errno)
    }
  }
}
