// Unsafe: `open` and `flock` on descriptors of ring files.
import Foundation

/// Says whether the process that appends to a ring is still alive.
///
/// A process that has handed its data directory over keeps a lock on each of its ring files. The
/// kernel drops it with the process, so the successor knows when nothing more can come.
enum RingOwnership {
  /// Locks a ring file for the rest of this process.
  ///
  /// - Returns: whether it is locked now.
  static func hold(_ path: String) -> Bool {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return false
    }
    return true
  }

  /// Whether a live process holds the file.
  static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}
