// Unsafe: `flock`, `open`, `read` and `write` on one descriptor that this type owns.
import Foundation

/// Why the hit log could not be opened at all.
package enum HitLogError: Error, Equatable, CustomStringConvertible {
  /// Another process uses the data directory; `pid` is what it wrote into the lock file.
  case locked(path: String, pid: Int32?)

  /// One line for people: where, what, and what to do.
  package var description: String {
    switch self {
    case .locked(let path, let pid):
      "\(path): another ponor \(pid.map { "(process \($0)) " } ?? "")uses this data directory; "
        + "stop it or set another data_dir"
    }
  }
}

/// The lock that keeps two servers off one data directory.
///
/// The kernel drops it with the process, so a killed server leaves no stale lock.
package final class DataDirectoryLock: Sendable {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit {
    // Closing alone would leave the lock to a child that is between fork and exec just now.
    release()
    close(descriptor)
  }

  /// Gives the lock up, whoever still knows of it.
  package func release() { flock(descriptor, LOCK_UN) }

  /// Takes the lock of a data directory.
  ///
  /// - Returns: nil when the lock file cannot be written (read-only directory): there is then
  ///   nothing to protect either, as nothing can be stored.
  package static func acquire(_ paths: HitLogPaths) throws(HitLogError) -> DataDirectoryLock? {
    let descriptor = open(paths.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isTaken = errno == EWOULDBLOCK
      let pid = readPID(descriptor)
      close(descriptor)
      if isTaken { throw .locked(path: paths.lock, pid: pid) }
      return nil
    }
    let text = Array("\(getpid())\n".utf8)
    // A lock without a readable pid still locks: a full disk must not stop the server.
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, text, text.count, 0) }
    return DataDirectoryLock(descriptor: descriptor)
  }

  private static func readPID(_ descriptor: Int32) -> Int32? {
    var buffer = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    guard count > 0 else { return nil }
    let digits = buffer.prefix(count).prefix { (48...57).contains($0) }
    return Int32(String(decoding: digits, as: UTF8.self))
  }
}
