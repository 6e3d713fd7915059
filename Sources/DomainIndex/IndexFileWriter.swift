import Glibc

/// Writes the sections of an index under a temporary name and renames the file when it is on disk.
enum IndexFileWriter {
  static func write(
    _ header: IndexHeader, sections: [[UInt8]], to path: String
  ) throws(IndexError) {
    var header = header
    var offset = IndexFormat.pageOctets
    for (index, section) in sections.enumerated() {
      header.sections[index] = .init(offset: UInt64(offset), count: UInt64(section.count))
      header.checksums[index] = IndexChecksum.of(section)
      // Big sections begin on a page, so that their lines are aligned; small ones need 8 octets.
      let unit = section.count < IndexFormat.pageOctets ? 8 : IndexFormat.pageOctets
      offset += (section.count + unit - 1) / unit * unit
    }
    let temporary = path + ".new"
    let file = try OutputFile(path: temporary)
    do throws(IndexError) {
      try file.write(header.encoded(), at: 0)
      for (index, section) in sections.enumerated() {
        try file.write(section, at: Int(header.sections[index].offset))
      }
      try file.finish(size: offset)
      guard unsafe rename(temporary, path) == 0 else {
        throw .system(operation: "rename", path: temporary, errno: errno)
      }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
  }
}

/// A file being written.
struct OutputFile: ~Copyable {
  private let path: String
  private let descriptor: Int32

  init(path: String) throws(IndexError) {
    self.path = path
    // Only the owner may read: the file holds the secret of its hash.
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(operation: "create", path: path, errno: errno) }
  }

  deinit { close(descriptor) }

  func write(_ octets: [UInt8], at offset: Int) throws(IndexError) {
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

  func finish(size: Int) throws(IndexError) {
    guard ftruncate(descriptor, off_t(size)) == 0, fsync(descriptor) == 0 else {
      throw .system(operation: "write", path: path, errno: errno)
    }
  }
}
