import Glibc

/// A blocking HTTP/1.1 client for the control socket, just enough for the command line.
package enum ControlClient {
  /// Name of the socket within a data directory.
  package static let socketName = "control.sock"
  /// How long a step of a request may take; a reload may read large files.
  package static let timeoutSeconds = 30
  /// Most octets of an answer that are read; a status with thousands of zones is far smaller.
  package static let responseOctets = 16 * 1024 * 1024

  /// The answer to a request.
  package struct Response: Sendable, Equatable {
    /// The HTTP status.
    package var status: Int
    /// The body.
    package var body: [UInt8]
  }

  /// The path of the control socket of a data directory.
  package static func socketPath(dataDirectory: String) -> String {
    dataDirectory.hasSuffix("/") ? dataDirectory + socketName : "\(dataDirectory)/\(socketName)"
  }

  /// Sends one request and reads the whole answer.
  ///
  /// - Parameters:
  ///   - method: `GET` or `POST`.
  ///   - path: such as `/status`.
  ///   - body: what is sent along.
  /// - Throws: `ControlError`, `.notRunning` when nobody listens.
  package static func request(
    socketPath: String, method: String, path: String, body: [UInt8] = [],
    timeoutSeconds: Int = timeoutSeconds
  ) throws(ControlError) -> Response {
    let descriptor = try open(socketPath, timeoutSeconds)
    defer { close(descriptor) }
    let head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    let call = Call(descriptor: descriptor, path: socketPath, seconds: timeoutSeconds)
    try call.send(Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body)
    return try HTTPResponseText.parse(call.receive(), from: socketPath)
  }

  private static func open(_ path: String, _ seconds: Int) throws(ControlError) -> CInt {
    do throws(ControlError) {
      return try UnixSocket.connect(path, timeoutSeconds: seconds)
    } catch {
      // No such file, or a file left behind by a server that died.
      guard case .system(_, _, let code) = error, [ENOENT, ECONNREFUSED, ENOTDIR].contains(code)
      else { throw error }
      let directory = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      throw .notRunning(dataDirectory: directory.isEmpty ? "." : directory.joined(separator: "/"))
    }
  }
}

private struct Call {
  let descriptor: CInt
  let path: String
  let seconds: Int

  func send(_ octets: [UInt8]) throws(ControlError) {
    var sent = 0
    while sent < octets.count {
      let count = octets[sent...].withUnsafeBytes {
        // A server that goes away must be an error here, not a signal.
        Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure("send") }
      sent += count
    }
  }

  func receive() throws(ControlError) -> [UInt8] {
    var received: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while received.count <= ControlClient.responseOctets {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("receive") }
      if count == 0 { return received }
      received += chunk[..<count]
    }
    throw .badResponse(path: path, "longer than \(ControlClient.responseOctets) octets")
  }

  private func failure(_ call: String) -> ControlError {
    let code = errno
    if code == EAGAIN || code == EWOULDBLOCK { return .timeout(path: path, seconds: seconds) }
    return .system(call, path, code)
  }
}

/// The parts of an HTTP/1.1 answer that was read up to the end of its connection (RFC 9112 §6.3).
enum HTTPResponseText {
  static func parse(_ text: [UInt8], from path: String) throws(ControlError)
    -> ControlClient.Response
  {
    guard let end = headEnd(text) else { throw .badResponse(path: path, "no end of the header") }
    let lines = String(decoding: text[..<end], as: UTF8.self).split(separator: "\r\n")
    let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
      throw .badResponse(path: path, "no HTTP status line")
    }
    let body = text[(end + 4)...]
    for line in lines.dropFirst() {
      let field = line.split(separator: ":", maxSplits: 1)
      guard field.count == 2 else { continue }
      let value = field[1].drop { $0 == " " }
      switch field[0].lowercased() {
      case "content-length" where Int(value) != body.count:
        throw .badResponse(path: path, "\(body.count) octets where \(value) were announced")
      case "transfer-encoding":
        throw .badResponse(path: path, "transfer encoding \(value)")
      default: continue
      }
    }
    return .init(status: status, body: Array(body))
  }

  private static func headEnd(_ text: [UInt8]) -> Int? {
    let mark = Array("\r\n\r\n".utf8)
    guard text.count >= mark.count else { return nil }
    return (0...(text.count - mark.count)).first { text[$0..<($0 + 4)].elementsEqual(mark) }
  }
}
