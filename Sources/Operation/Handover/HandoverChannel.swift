// Unsafe: buffers and descriptor arrays passed to C; nothing of them leaves this file.
import COperation
package import DNSServer
import Glibc

/// What goes wrong between a server and its successor.
package enum HandoverError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No server listens there.
  case nobody(String)
  /// A system call failed.
  case system(String, Int32)
  /// The other side said something else than expected.
  case unexpected(String)
  /// The other side says no.
  case refused(String)

  /// One line: what, where, and what to do.
  package var description: String {
    switch self {
    case .nobody(let path):
      "no server offers its sockets on \(path): start without --takeover"
    case .system(let what, let code):
      "takeover: \(what): \(strerror(code).map { String(cString: $0) } ?? "error \(code)")"
    case .unexpected(let text):
      "takeover: unexpected message '\(text)': is the running server another version? "
        + "Stop it and start without --takeover"
    case .refused(let reason): "the running server keeps its sockets: \(reason)"
    }
  }
}

/// One connection between a server and its successor: short messages, some with descriptors.
package final class HandoverChannel: Sendable {
  /// Patience of a successor, seconds.
  ///
  /// Letting go of the data directory may take a database
  /// transaction.
  static let patienceSeconds: Int32 = 30
  /// Patience with a successor, seconds.
  ///
  /// It may have an index to build before it goes on. One that
  /// dies ends the connection at once.
  static let successorSeconds: Int32 = 1800

  private let connection: SocketDescriptor

  init(_ descriptor: Int32) { connection = SocketDescriptor(owning: descriptor) }

  /// Connects to the server that offers its sockets at `path`.
  package static func connect(_ path: String) throws(HandoverError) -> HandoverChannel {
    let descriptor = ponor_connect_unix(path, patienceSeconds)
    guard descriptor >= 0 else {
      throw [ENOENT, ECONNREFUSED, ENOTDIR].contains(-descriptor)
        ? .nobody(path) : .system("connect \(path)", -descriptor)
    }
    return HandoverChannel(descriptor)
  }

  /// Whether the other side runs as root or as this process's user.
  var isTrusted: Bool {
    var user = uid_t.max
    return ponor_peer_user(connection.number, &user) == 0 && (user == 0 || user == geteuid())
  }

  // MARK: - Messages

  /// Sends a message.
  package func send(
    _ message: HandoverMessage, _ sockets: [InheritedSocket] = []
  ) throws(HandoverError) {
    let octets = Array(message.text.utf8)
    let descriptors = sockets.map(\.descriptor.number)
    let code = ponor_send_message(
      connection.number, octets, octets.count, descriptors, Int32(descriptors.count))
    guard code == 0 else { throw .system("send", -code) }
  }

  /// Receives a message; nil when the other side is gone.
  package func receive() throws(HandoverError)
    -> (message: HandoverMessage, descriptors: [Int32])?
  {
    var octets = [UInt8](repeating: 0, count: HandoverMessage.octets)
    var descriptors = [Int32](repeating: -1, count: PONOR_DESCRIPTORS)
    var count: Int32 = 0
    let length = ponor_receive_message(
      connection.number, &octets, octets.count, &descriptors, &count)
    guard length >= 0 else {
      if -length == ECONNRESET { return nil }
      throw .system("receive", -length)
    }
    guard length > 0 else { return nil }
    let message = HandoverMessage(reading: octets[..<Int(length)])
    return (message, Array(descriptors[..<Int(count)]))
  }

  /// Receives a message that must be `wanted`, or a refusal.
  func expect(_ wanted: HandoverMessage) throws(HandoverError) {
    guard let (message, descriptors) = try receive() else {
      throw .unexpected("end of connection")
    }
    for descriptor in descriptors { close(descriptor) }
    if case .refusal(let reason) = message { throw .refused(reason) }
    guard message == wanted else { throw .unexpected(message.text) }
  }
}
