import Evidence
import Exporters
import Glibc

/// A file that others see only when it is whole: written under another name, then renamed.
///
/// Unsafe because it hands octets to `write`.
final class DocumentFile {
  private let path: String
  private let temporary: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let chunk = 1 << 16

  /// Begins a file; a half one of a process that was killed is overwritten.
  ///
  /// - Throws: `SendFailure`.
  init(_ path: String, rights: mode_t) throws(SendFailure) {
    self.path = path
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    temporary = path[..<slash] + "." + path[slash...] + ".new"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, rights)
    guard descriptor >= 0 else { throw Self.failure("cannot write \(temporary)") }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporary)
  }

  /// Adds text.
  func write(_ text: String) throws(SendFailure) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.chunk { try flush() }
  }

  /// Adds octets.
  func write(_ octets: [UInt8]) throws(SendFailure) {
    buffer += octets
    if buffer.count >= Self.chunk { try flush() }
  }

  /// Makes sure the file survives a power cut, and lets others see it.
  func publish() throws(SendFailure) {
    try flush()
    guard fsync(descriptor) == 0 else { throw Self.failure("cannot write \(temporary)") }
    close(descriptor)
    descriptor = -1
    guard rename(temporary, path) == 0 else { throw Self.failure("cannot replace \(path)") }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { return }
    fsync(directory)
    close(directory)
  }

  private func flush() throws(SendFailure) {
    var start = 0
    while start < buffer.count {
      let written = buffer[start...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw Self.failure("cannot write \(temporary)") }
      start += written
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Makes a folder and those it lies in, unless they are there.
  static func makeFolder(_ path: String, rights: mode_t = 0o750) throws(SendFailure) {
    if mkdir(path, rights) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
      throw failure("cannot make \(path)")
    }
    try makeFolder(String(path[..<slash]), rights: rights)
    if mkdir(path, rights) != 0, errno != EEXIST { throw failure("cannot make \(path)") }
  }

  static func failure(_ what: String) -> SendFailure {
    .unavailable("\(what): \(String(cString: strerror(errno)))")
  }
}
