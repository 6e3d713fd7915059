import COperation
package import DNSServer

/// The new server's side of a takeover.
///
/// ```
/// new                        old
/// ponor-takeover 1  ───────▶
///                   ◀───────  sockets   (with descriptors, repeated)
///                   ◀───────  all
/// prepare           ───────▶  gives up the data directory, goes on answering
///                   ◀───────  prepared
/// serving           ───────▶  stops receiving, withdraws its control socket
///                   ◀───────  withdrawn  (the old one finishes what it has, then ends)
/// ```
package struct Successor: Sendable {
  /// Name of the socket in a data directory.
  package static let socketName = "takeover.sock"

  private let channel: HandoverChannel
  /// The old server's sockets.
  package let sockets: [InheritedSocket]

  /// Asks the server at `path` for its sockets; it goes on answering.
  package init(askingAt path: String) throws(HandoverError) {
    channel = try HandoverChannel.connect(path)
    try channel.send(.greeting(version: HandoverMessage.version))
    var sockets: [InheritedSocket] = []
    while let (message, descriptors) = try channel.receive() {
      if case .refusal(let reason) = message { throw .refused(reason) }
      for descriptor in descriptors {
        do throws(InheritedSocketError) {
          sockets.append(try InheritedSocket(owning: descriptor))
        } catch {
          throw .unexpected(error.description)
        }
      }
      if message == .all { break }
      guard message == .sockets else { throw .unexpected(message.text) }
    }
    self.sockets = sockets
  }

  /// Has the old server give up the data directory; it still answers.
  package func takeDataDirectory() throws(HandoverError) {
    try channel.send(.prepare)
    try channel.expect(.prepared)
  }

  /// Tells that this server answers now; returns when the old one has stopped receiving and given
  /// up its control socket.
  package func takeOver() throws(HandoverError) {
    try channel.send(.serving)
    try channel.expect(.withdrawn)
  }
}
