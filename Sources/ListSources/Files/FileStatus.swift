// Unsafe code: `stat` takes a pointer to the structure it fills; nothing else here does.
import Glibc

/// What identifies one state of a file: any write, rename or replacement changes it.
package struct FileStatus: Hashable, Sendable {
  /// Path as given.
  package var path: String
  /// Whether there is such a file, directory or other thing.
  package var exists = false
  /// Whether it is a directory.
  package var isDirectory = false
  /// Size in octets.
  package var size: Int64 = 0
  /// Time of the last change of its content, nanoseconds since 1970.
  package var modified: Int64 = 0
  /// Time of the last change of content, name or rights, nanoseconds since 1970.
  package var changed: Int64 = 0
  /// Inode number: a file renamed into place has another.
  package var inode: UInt64 = 0
  /// Device the inode is of.
  package var device: UInt64 = 0

  /// Looks at `path` now, following symbolic links.
  package init(path: String) {
    self.path = path
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return }
    exists = true
    isDirectory = status.st_mode & S_IFMT == S_IFDIR
    size = Int64(status.st_size)
    modified = Self.nanoseconds(status.st_mtim)
    changed = Self.nanoseconds(status.st_ctim)
    inode = UInt64(status.st_ino)
    device = UInt64(status.st_dev)
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
