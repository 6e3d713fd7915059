import NIOCore
import NIOPosix

/// Cuts a TCP stream into DNS messages (RFC 7766 §8), and gives up on a silent peer.
final class MessageFraming: ByteToMessageDecoder {
  typealias InboundOut = ByteBuffer

  func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) -> DecodingState {
    guard
      let length = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self),
      buffer.readableBytes >= 2 + Int(length)
    else { return .needMoreData }
    buffer.moveReaderIndex(forwardBy: 2)
    if let message = buffer.readSlice(length: Int(length)) {
      context.fireChannelRead(wrapInboundOut(message))
    }
    return .continue
  }

  func decodeLast(
    context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
  ) -> DecodingState {
    while case .continue = decode(context: context, buffer: &buffer) {}
    return .needMoreData
  }
}

/// Closes a connection on which nothing has come for a while.
final class SilenceHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }
}
