import Foundation

/// A file that appears under its name only when it is complete: a collector must never pick up half
/// of one.
final class OutputFile {
  private let path: String
  private let partial: String
  private let handle: FileHandle
  private var isFinished = false
  private var buffer = Data()
  /// Octets that are written at once.
  private static let chunk = 1 << 16

  /// Creates the file beside its place, under a hidden name.
  init(path: String) throws {
    self.path = path
    let url = URL(fileURLWithPath: path)
    partial =
      url.deletingLastPathComponent().path + "/.\(url.lastPathComponent).\(getpid()).partial"
    guard FileManager.default.createFile(atPath: partial, contents: nil),
      let handle = FileHandle(forWritingAtPath: partial)
    else {
      throw CommandFailure.failed("cannot write \(path): \(String(cString: strerror(errno)))")
    }
    self.handle = handle
  }

  deinit {
    try? handle.close()
    if !isFinished { unlink(partial) }
  }

  func write(_ octets: some Sequence<UInt8>) throws {
    buffer.append(contentsOf: octets)
    if buffer.count >= Self.chunk { try flush() }
  }

  /// Gives the file its name.
  func finish() throws {
    try flush()
    try? handle.synchronize()
    guard rename(partial, path) == 0 else { throw Self.failure(path) }
    isFinished = true
  }

  private func flush() throws {
    do {
      try handle.write(contentsOf: buffer)
    } catch {
      throw CommandFailure.failed("cannot write \(path): \(error.localizedDescription)")
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private static func failure(_ path: String) -> CommandFailure {
    CommandFailure.failed("cannot write \(path): \(String(cString: strerror(errno)))")
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
