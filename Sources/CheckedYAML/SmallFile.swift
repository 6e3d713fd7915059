import Foundation

/// Reads whole files of bounded size (configuration, seed files), never more than the limit.
package enum SmallFile {
  /// The bytes of the file at `path`, or a problem that says why they cannot be had.
  ///
  /// - Parameter limit: largest accepted size in bytes; a longer file is refused after reading
  ///   `limit + 1` bytes, so `/dev/zero` does no harm. Pipes work.
  package static func read(_ path: String, limit: Int) throws(SourceProblem) -> [UInt8] {
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      var bytes: [UInt8] = []
      while bytes.count <= limit {
        guard let part = try handle.read(upToCount: limit + 1 - bytes.count), !part.isEmpty
        else { return bytes }
        bytes.append(contentsOf: part)
      }
    } catch {
      throw SourceProblem(file: path, "cannot read the file: \(FileFailure.reason(error))")
    }
    throw SourceProblem(
      file: path, "the file is larger than \(limit) bytes, which is no file of this kind; check it")
  }
}

/// Words for what goes wrong when files are read.
package enum FileFailure {
  /// The operating system's words for an error of Foundation's file functions.
  package static func reason(_ error: any Error) -> String {
    if let posix = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError,
      posix.domain == NSPOSIXErrorDomain
    {
      return describe(errno: Int32(truncatingIfNeeded: posix.code))
    }
    return switch (error as? CocoaError)?.code {
    case .fileReadNoSuchFile, .fileNoSuchFile: describe(errno: ENOENT)
    case .fileReadNoPermission: describe(errno: EACCES)
    default: (error as NSError).localizedDescription
    }
  }

  private static func describe(errno code: Int32) -> String {
    switch code {
    case ENOENT: "no such file"
    case EACCES: "permission denied; make it readable for the user Ponor runs as"
    case EISDIR: "it is a directory, a file is expected"
    default:
      POSIXErrorCode(rawValue: code).map { POSIXError($0).localizedDescription }
        ?? "error \(code)"
    }
  }
}
