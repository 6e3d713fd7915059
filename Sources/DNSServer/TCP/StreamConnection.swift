import Addressing
import NIOCore

/// One connection of a client as its event loop sees it: DNS over TCP and TLS (`TCPConnection`) or
/// over HTTP (`WebConnection`).
///
/// A class to derive from, because the loop keeps all of them in one list linked through them.
class StreamConnection {
  /// Whom this connection is counted for.
  let censusKey: IPAddress
  /// The place in the loop's list, kept by `TCPConnectionList`.
  var links = TCPConnectionLinks()
  let loop: TCPLoop
  let client: Client
  /// Whether it begins with a TLS handshake.
  let usesTLS: Bool
  /// The place in the pipeline nearest to the socket, if something stands between it and this
  /// handler: what is written there is octets, and closing there skips the farewell of TLS.
  var edge: ChannelHandlerContext?

  init(loop: TCPLoop, client: Client, usesTLS: Bool) {
    self.usesTLS = usesTLS
    self.loop = loop
    self.client = client
    censusKey = TCPCensus.client(of: client.remote.address)
  }

  /// Whether it may be closed to make room for another.
  var isEvictable: Bool { preconditionFailure("each kind of connection says so") }

  /// Closes the connection if one of its time limits has passed.
  func expire(at now: Int64) {}

  /// Takes no more queries and closes when the answers are out.
  func drain() {}

  /// Closes: at once if the client is at fault or late, else when what is queued has been sent.
  func close(_ reason: TCPCloseReason) {}

  /// Takes the answer to a pending query, or the news that there will be none.
  ///
  /// - Parameters:
  ///   - ticket: what the sink was made with.
  func deliver(_ answer: ByteBuffer?, ticket: Int) {}

  /// Closes the socket now: TLS would say goodbye and wait for the client to do the same.
  final func cut(_ context: ChannelHandlerContext) { (edge ?? context).close(promise: nil) }

  /// Octets handed to the channel that the kernel has not taken.
  final func bufferedOctets(_ context: ChannelHandlerContext?) -> Int {
    guard let options = context?.channel.syncOptions else { return 0 }
    return (try? options.getOption(.bufferedWritableBytes)) ?? 0
  }
}
