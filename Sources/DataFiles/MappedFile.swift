import Glibc

/// A file mapped read-only for as long as the value lives.
///
/// Unsafe code is needed because a mapping is memory the compiler knows nothing of; the pointer
/// never leaves the modules that read index files, and those check offsets against `count` when the
/// file is opened or at each access.
@safe public final class MappedFile: Sendable {
  /// First octet of the mapping; `let` and read-only memory, so it may be shared by all threads.
  public nonisolated(unsafe) let base: UnsafeRawPointer
  /// Octets of the file.
  public let count: Int

  /// Maps the file at `path`.
  ///
  /// - Parameters:
  ///   - least: a shorter file is no index.
  ///   - problem: what is thrown: the call that failed, or that it is no index.
  public init<Problem: DataFileProblem>(
    path: String, atLeast least: Int, throwing problem: Problem.Type
  ) throws(Problem) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(operation: "open", path: path, errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .system(operation: "read", path: path, errno: errno)
    }
    count = Int(status.st_size)
    guard count >= least else { throw .notAnIndex(path: path) }
    guard let address = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0),
      unsafe address != MAP_FAILED
    else { throw .system(operation: "map", path: path, errno: errno) }
    unsafe base = UnsafeRawPointer(address)
  }

  deinit {
    unsafe munmap(UnsafeMutableRawPointer(mutating: base), count)
  }

  /// The octets `start ..< start + length`, which the caller has checked.
  public func octets(_ start: Int, _ length: Int) -> UnsafeRawBufferPointer {
    precondition(start >= 0 && length >= 0 && start + length <= count)
    return unsafe UnsafeRawBufferPointer(start: base + start, count: length)
  }
}
