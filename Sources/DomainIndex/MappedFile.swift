import Glibc

/// A file mapped read-only for as long as the value lives.
///
/// Unsafe code is needed because a mapping is memory the compiler knows nothing of; the pointer
/// never leaves the module, and every reader checks offsets against `count` when the file is opened.
@safe final class MappedFile: Sendable {
  /// First octet of the mapping; `let` and read-only memory, so it may be shared by all threads.
  nonisolated(unsafe) let base: UnsafeRawPointer
  let count: Int

  /// Maps the file at `path`.
  ///
  /// - Throws: `IndexError.system` with the call that failed.
  init(path: String) throws(IndexError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(operation: "open", path: path, errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw .system(operation: "read", path: path, errno: errno)
    }
    count = Int(status.st_size)
    guard count >= IndexFormat.pageOctets else { throw .notAnIndex(path: path) }
    guard let address = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0),
      unsafe address != MAP_FAILED
    else { throw .system(operation: "map", path: path, errno: errno) }
    unsafe base = UnsafeRawPointer(address)
  }

  deinit {
    unsafe munmap(UnsafeMutableRawPointer(mutating: base), count)
  }

  /// The octets `start ..< start + length`, which the caller has checked.
  func octets(_ start: Int, _ length: Int) -> UnsafeRawBufferPointer {
    precondition(start >= 0 && length >= 0 && start + length <= count)
    return unsafe UnsafeRawBufferPointer(start: base + start, count: length)
  }
}

extension String {
  /// The text of a system error number.
  package init(systemError code: Int32) {
    // strerror's buffer is copied at once; the message is for people, so a rare race is harmless.
    self = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}
