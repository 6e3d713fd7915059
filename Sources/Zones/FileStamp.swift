import Glibc

/// What tells that a file has been replaced or written to since it was read.
struct FileStamp: Sendable, Equatable {
  var path: String
  /// Nil when there was no such file.
  var identity: Identity?

  /// The fields of `struct stat` that change with the content.
  struct Identity: Sendable, Equatable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    var modified: Instant
    /// Changes even when a tool restores the modification time, as `cp -p` does.
    var changed: Instant
  }

  /// Seconds and nanoseconds since 1970 in UTC.
  struct Instant: Sendable, Equatable {
    var seconds: Int
    var nanoseconds: Int
  }

  /// Looks at the file as it is now.
  init(path: String) {
    self.path = path
    var status = stat()
    identity = unsafe stat(path, &status) == 0 ? Identity(status) : nil
  }

  /// Takes what `fstat` said about an open file.
  init(path: String, status: stat) {
    self.path = path
    identity = Identity(status)
  }
}

extension FileStamp.Identity {
  fileprivate init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    modified = FileStamp.Instant(
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
    changed = FileStamp.Instant(
      seconds: status.st_ctim.tv_sec, nanoseconds: status.st_ctim.tv_nsec)
  }
}

/// A master file's octets, read whole.
struct FileContent {
  /// Largest master file: offsets into a compiled zone have 32 bits.
  static let maximumOctets = 1 << 31

  var octets: [UInt8]
  var stamp: FileStamp

  /// Reads the regular file at `path`.
  init(path: String) throws(MasterFileFault) {
    // O_NONBLOCK: opening a FIFO must not wait for a writer; it is refused just below.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.fault("cannot be opened", errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw Self.fault("cannot be read", errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw MasterFileFault(
        problem: "is not a regular file", advice: "name a master file (RFC 1035 §5)")
    }
    guard Int(status.st_size) <= Self.maximumOctets else {
      throw MasterFileFault(
        problem: "is larger than \(Self.maximumOctets) octets", advice: "split the zone")
    }
    stamp = FileStamp(path: path, status: status)
    octets = try Self.readAll(descriptor, expected: Int(status.st_size))
  }

  private static func readAll(
    _ descriptor: CInt, expected: Int
  ) throws(MasterFileFault) -> [UInt8] {
    var failure: CInt = 0
    // One octet more than announced, so that a file that grows while it is read is noticed.
    let octets = unsafe [UInt8](unsafeUninitializedCapacity: expected + 1) { buffer, used in
      while used < buffer.count, let base = buffer.baseAddress {
        let got = unsafe read(descriptor, base + used, buffer.count - used)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        used += got
      }
    }
    guard failure == 0 else { throw fault("cannot be read", failure) }
    guard octets.count <= expected else {
      throw MasterFileFault(
        problem: "grew while it was read", advice: "write a new file and rename it into place")
    }
    return octets
  }

  private static func fault(_ what: String, _ code: CInt) -> MasterFileFault {
    // strerror's buffer is copied at once; the message is for people, so a rare race is harmless.
    let text = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return MasterFileFault(
      problem: "\(what): \(text)", advice: "check the path and its permissions")
  }
}
