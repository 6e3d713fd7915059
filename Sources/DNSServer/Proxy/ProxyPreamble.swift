import Addressing
import ClientIdentity
import NIOCore

/// Waits for the PROXY protocol header that a listed balancer sends first on a connection, and
/// only then puts the handlers of the connection, TLS included, into the pipeline.
///
/// They see a connection that has just become active, with the first octet behind the header as its
/// first. Until then the connection is counted for nobody, since nobody knows yet whose it is; the
/// time limit of a message bounds how long that lasts.
final class ProxyPreamble: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let loop: TCPLoop
  private var client: Client
  private let install: (Client) throws -> Void
  private var received = ByteBuffer()
  private var timeout: Scheduled<Void>?
  private var isDone = false

  /// - Parameter install: adds the connection's handlers for the client that the header tells of.
  init(loop: TCPLoop, client: Client, install: @escaping (Client) throws -> Void) {
    self.loop = loop
    self.client = client
    self.install = install
  }

  func channelActive(context: ChannelHandlerContext) {
    let bound = NIOLoopBound(context, eventLoop: loop.eventLoop)
    let limit = TCPConnectionState.nanoseconds(loop.settings.messageTimeout)
    timeout = loop.eventLoop.scheduleTask(in: .nanoseconds(limit)) { [counters = loop.counters] in
      counters.timeouts.increment()
      bound.value.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isDone else { return context.fireChannelRead(data) }
    var octets = unwrapInboundIn(data)
    received.writeBuffer(&octets)
    switch ProxyHeader.readStream(received.readableBytesUInt8Span) {
    case .incomplete: break
    case .invalid: refuse(context)
    case .header(let header): proceed(context, header)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent, !isDone { return refuse(context) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if isDone { context.fireErrorCaught(error) } else { context.close(promise: nil) }
  }

  private func proceed(_ context: ChannelHandlerContext, _ header: ProxyHeader) {
    end()
    isDone = true
    received.moveReaderIndex(forwardBy: header.length)
    client.apply(header)
    do {
      try install(client)
    } catch {
      return context.close(promise: nil)
    }
    context.fireChannelActive()
    let rest = received
    received = ByteBuffer()
    if rest.readableBytes > 0, context.channel.isActive {
      context.fireChannelRead(wrapInboundOut(rest))
      context.fireChannelReadComplete()
    }
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }

  private func refuse(_ context: ChannelHandlerContext) {
    end()
    loop.counters.malformed.increment()
    context.close(promise: nil)
  }

  private func end() {
    timeout?.cancel()
    timeout = nil
  }
}
