import Glibc

/// What can go wrong between `ponor` and a running server, or when the server sets up its side.
package enum ControlError: Error, Equatable, CustomStringConvertible {
  /// Nobody listens on the data directory's socket.
  case notRunning(dataDirectory: String)
  /// Another server listens there already.
  case alreadyRunning(path: String)
  /// Something other than a socket stands where the socket belongs.
  case notASocket(path: String)
  /// The path does not fit a UNIX socket address.
  case pathTooLong(String)
  /// The server did not answer in time.
  case timeout(path: String, seconds: Int)
  /// The answer is not the HTTP expected.
  case badResponse(path: String, String)
  /// An HTTP address cannot be listened on.
  case cannotListen(String, String)
  /// A system call failed: its name, the path, the error number.
  case system(String, String, CInt)

  /// One line: what, where, and what to do.
  package var description: String {
    switch self {
    case .notRunning(let directory):
      "no server is running on data directory \(directory): start it with `ponor serve`, "
        + "or name its configuration with --config"
    case .alreadyRunning(let path):
      "another server is already listening on \(path): stop it, or use another data_dir"
    case .notASocket(let path):
      "\(path) exists and is not a socket: remove it, or use another data_dir"
    case .pathTooLong(let path):
      "\(path) is longer than the \(UnixSocket.pathOctets) octets a socket path may have: "
        + "use a shorter data_dir"
    case .timeout(let path, let seconds):
      "the server on \(path) did not answer within \(seconds) s: it may be overloaded or stopping"
    case .badResponse(let path, let detail):
      "the server on \(path) gave an answer that cannot be read (\(detail)): "
        + "is it another version?"
    case .cannotListen(let address, let reason):
      "cannot listen on HTTP \(address): \(reason); free the address or change http.listen"
    case .system(let call, let path, EACCES), .system(let call, let path, EPERM):
      "no permission for \(path) (\(call)): run as the server's user or as root"
    case .system(let call, let path, let code):
      "\(call) \(path): \(String(cString: strerror(code)))"
    }
  }
}
