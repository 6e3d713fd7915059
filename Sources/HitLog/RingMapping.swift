// Unsafe: maps files and anonymous memory (`mmap`). The mapping is owned by exactly one HitRing.
import Foundation

/// Why a ring file could not be opened.
package enum RingError: Error, Equatable, CustomStringConvertible {
  /// A system call failed with this `errno`.
  case system(call: String, path: String, code: Int32)
  /// The file is no ring of this version, or its header is damaged.
  case damaged(path: String, reason: String)

  /// One line for people: where, what, and what to do.
  package var description: String {
    switch self {
    case .system(let call, let path, let code):
      "\(path): \(call) failed: \(String(cString: strerror(code)))"
    case .damaged(let path, let reason):
      "\(path): not a usable hit ring (\(reason))"
    }
  }
}

/// A shared file mapping or a piece of anonymous memory, all of its pages present.
struct RingMapping {
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// Creates the file with all of its space reserved, so that a full disk is an error here
  /// and never a SIGBUS in the query path, then maps it.
  static func create(path: String, byteCount: Int) throws(RingError) -> RingMapping {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .system(call: "open", path: path, code: errno)
    }
    defer { close(descriptor) }
    do throws(RingError) {
      return try map(descriptor, path: path, byteCount: byteCount)
    } catch {
      unlink(path)
      throw error
    }
  }

  /// Maps a whole existing file.
  static func openExisting(_ path: String) throws(RingError) -> RingMapping {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .system(call: "open", path: path, code: errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .system(call: "fstat", path: path, code: errno)
    }
    guard status.st_size >= RingFormat.fileBytes(capacity: 1) else {
      throw .damaged(path: path, reason: "only \(status.st_size) octets long")
    }
    return try map(descriptor, path: path, byteCount: Int(status.st_size))
  }

  /// Private memory for a ring whose file cannot be had; lost with the process.
  static func anonymous(byteCount: Int) -> RingMapping? {
    let base = mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | populate, -1, 0)
    guard let base, base != MAP_FAILED else { return nil }
    return RingMapping(base: base, byteCount: byteCount)
  }

  func unmap() { munmap(base, byteCount) }

  /// Brings every page in now, so that the query path meets no page that is missing.
  private static let populate = Int32(MAP_POPULATE)

  private static func map(
    _ descriptor: Int32, path: String, byteCount: Int
  ) throws(RingError) -> RingMapping {
    let reserved = posix_fallocate(descriptor, 0, off_t(byteCount))
    guard reserved == 0 else {
      throw .system(call: "posix_fallocate", path: path, code: reserved)
    }
    let base = mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED | populate, descriptor, 0)
    guard let base, base != MAP_FAILED else {
      throw .system(call: "mmap", path: path, code: errno)
    }
    return RingMapping(base: base, byteCount: byteCount)
  }
}
