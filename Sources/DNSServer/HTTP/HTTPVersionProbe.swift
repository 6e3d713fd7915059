import NIOCore

/// Tells HTTP/2 from HTTP/1.1 on a connection without TLS by how it begins (RFC 9113 §3.3, §3.4).
///
/// It stays in the pipeline as the connection's edge.
final class HTTPVersionProbe: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// The version the client speaks, fired before its first octets are passed on.
  enum Version: Sendable {
    case http1
    case http2
  }

  /// The first word of the preface of HTTP/2; no method of HTTP/1.1 begins so (RFC 9113 §3.4).
  private static let preface = Array("PRI ".utf8)
  private var held = ByteBuffer()
  private var isDone = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var octets = unwrapInboundIn(data)
    guard !isDone else { return context.fireChannelRead(wrapInboundOut(octets)) }
    held.writeBuffer(&octets)
    let count = min(held.readableBytes, Self.preface.count)
    let isPreface = held.readableBytesView.prefix(count).elementsEqual(Self.preface.prefix(count))
    guard !isPreface || count == Self.preface.count else { return }
    isDone = true
    context.fireUserInboundEventTriggered(isPreface ? Version.http2 : Version.http1)
    context.fireChannelRead(wrapInboundOut(held))
    held = ByteBuffer()
  }
}
