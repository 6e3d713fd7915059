import Glibc

/// The place of a server's control socket in its data directory.
///
/// The server binds in a private directory beside the final path, and the finished socket, already
/// with its final rights, is renamed into place. So there is no instant at which others could connect, and
/// the file of a dead server is replaced in one step.
struct ControlSocket: Sendable {
  /// Where clients look.
  let path: String
  private let mode: mode_t
  private let stagingDirectory: String

  /// Where the server binds; shorter than `path`, so that one length check is enough.
  var stagingPath: String { stagingDirectory + "/s" }

  /// Makes sure that nobody else serves `path` and prepares the private directory.
  ///
  /// - Parameter mode: rights of the socket in its place.
  init(claiming path: String, mode: mode_t = 0o600) throws(ControlError) {
    guard path.utf8.count <= UnixSocket.pathOctets else { throw .pathTooLong(path) }
    try Self.refuseOthers(path)
    self.path = path
    self.mode = mode
    let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let prefix = path.contains("/") ? parent.joined(separator: "/") + "/" : ""
    stagingDirectory = "\(prefix).c\(getpid())"
    discardStaging()
    guard mkdir(stagingDirectory, 0o700) == 0 else {
      throw .system("mkdir", stagingDirectory, errno)
    }
  }

  private static func refuseOthers(_ path: String) throws(ControlError) {
    var details = stat()
    guard lstat(path, &details) == 0 else { return }
    guard details.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
    do throws(ControlError) {
      close(try UnixSocket.connect(path, timeoutSeconds: 1))
    } catch {
      // Refused: the server that made the file is gone. Anything else may be a live one.
      if case .system(_, _, let code) = error, code == ECONNREFUSED || code == ENOENT { return }
      if case .system(_, _, EAGAIN) = error { throw .alreadyRunning(path: path) }
      throw error
    }
    throw .alreadyRunning(path: path)
  }

  /// Moves the bound socket to its final path, with its final rights.
  func publish() throws(ControlError) {
    guard chmod(stagingPath, mode) == 0 else { throw .system("chmod", stagingPath, errno) }
    guard rename(stagingPath, path) == 0 else { throw .system("rename", path, errno) }
    rmdir(stagingDirectory)
  }

  /// Removes the socket when the server ends.
  func withdraw() {
    discardStaging()
    unlink(path)
  }

  private func discardStaging() {
    unlink(stagingPath)
    rmdir(stagingDirectory)
  }
}
