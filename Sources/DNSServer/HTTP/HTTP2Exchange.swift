import DNSWire
import DoHMessages
import NIOCore
import NIOHPACK
import NIOHTTP2

/// DNS over HTTP/2 (RFC 9113), without a channel per stream: a query is one or two frames.
///
/// Tickets of queries are stream numbers.
final class HTTP2Exchange: ChannelInboundHandler, WebExchange {
  typealias InboundIn = HTTP2Frame
  typealias OutboundOut = HTTP2Frame

  /// Octets of a stream that may come unasked: more than a message has, so that one that is too
  /// long is seen and refused rather than stuck.
  static let streamWindow = 2 * 65_536
  /// Octets of bodies after which the connection's window is opened again; half of it.
  private static let windowStep = 32_768
  /// Octets of unfinished bodies of one connection; as much as may be ahead over TCP.
  private static let bodyLimit = TCPLimits.unreadOctets

  /// A request whose body is not whole yet.
  private struct Partial {
    var began: Int64
    var client: Client
    var body = ByteBuffer()
  }

  private let connection: WebConnection
  private var context: ChannelHandlerContext?
  private var partial: [HTTP2StreamID: Partial] = [:]
  private var partialOctets = 0
  /// Streams whose query is in work, and whether only the header of the answer is wanted.
  private var waiting: [HTTP2StreamID: Bool] = [:]
  private var consumed = 0
  /// Told by the HTTP/2 handler of what it really sends.
  let watcher = HTTP2Watcher()

  init(_ connection: WebConnection) { self.connection = connection }

  var heldBack: Int { watcher.heldBack }
  var oldestRequest: Int64? { partial.isEmpty ? nil : partial.values.map(\.began).min() }
  /// The library ends a connection with GOAWAY; an error without one was of a stream.
  var survivesErrors: Bool { !watcher.hasSentError }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }
  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard connection.isOpen else { return }
    let frame = unwrapInboundIn(data)
    switch frame.payload {
    case .headers(let headers): begin(frame.streamID, headers)
    case .data(let data): take(frame.streamID, data)
    default: break
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.flush()
    context.fireChannelReadComplete()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard let closed = event as? StreamClosedEvent else {
      return context.fireUserInboundEventTriggered(event)
    }
    forget(closed.streamID)
    waiting[closed.streamID] = nil
    watcher.drop(closed.streamID)
  }

  // MARK: Requests

  private func begin(_ stream: HTTP2StreamID, _ head: HTTP2Frame.FramePayload.Headers) {
    // Fields behind a body say nothing to us; they only end the request.
    if partial[stream] != nil {
      if head.endStream { finish(stream) }
      return
    }
    var request = DoHRequest()
    request.forwardingField = connection.forwardingField
    for (name, value, _) in head.headers { request.take(name: name, value: value) }
    let isHead = request.method == .head
    guard let client = connection.client(of: request) else {
      respond(connection.refuse(.badRequest), stream, isHead: isHead)
      if !head.endStream { stop(stream) }
      return
    }
    switch request.step(path: connection.loop.dohPath) {
    case .query(let message):
      ask(.octets(message), from: client, stream, isHead: isHead)
    case .body where !head.endStream:
      partial[stream] = Partial(began: connection.loop.now, client: client)
    case .body:
      respond(connection.refuse(.badRequest), stream)
    case .refuse(let status):
      respond(connection.refuse(status), stream, isHead: isHead)
      if !head.endStream { stop(stream) }
    }
  }

  private func take(_ stream: HTTP2StreamID, _ data: HTTP2Frame.FramePayload.Data) {
    guard case .byteBuffer(var octets) = data.data else { return }
    openWindow(octets.readableBytes + (data.paddingBytes.map { $0 + 1 } ?? 0))
    guard let count = partial[stream]?.body.readableBytes else { return }
    guard count + octets.readableBytes <= Limits.messageOctets else {
      forget(stream)
      respond(connection.refuse(.contentTooLarge), stream)
      if !data.endStream { stop(stream) }
      return
    }
    partialOctets += octets.readableBytes
    guard partialOctets <= Self.bodyLimit else { return connection.close(.overload) }
    partial[stream]?.body.writeBuffer(&octets)
    if data.endStream { finish(stream) }
  }

  private func finish(_ stream: HTTP2StreamID) {
    guard let request = forget(stream) else { return }
    guard DoHRequest.isQuery(request.body.readableBytesUInt8Span) else {
      return respond(connection.refuse(.badRequest), stream)
    }
    ask(.body(request.body), from: request.client, stream, isHead: false)
  }

  @discardableResult
  private func forget(_ stream: HTTP2StreamID) -> Partial? {
    guard let request = partial.removeValue(forKey: stream) else { return nil }
    partialOctets -= request.body.readableBytes
    return request
  }

  private func ask(
    _ query: WebQuery, from client: Client, _ stream: HTTP2StreamID, isHead: Bool
  ) {
    if let answer = connection.query(query, from: client, ticket: Int(stream)) {
      respond(answer, stream, isHead: isHead)
    } else {
      waiting[stream] = isHead
    }
  }

  /// Gives the connection's window back; those of streams are larger than they may use.
  private func openWindow(_ octets: Int) {
    consumed += octets
    guard consumed >= Self.windowStep, let context else { return }
    let update = HTTP2Frame(
      streamID: .rootStream, payload: .windowUpdate(windowSizeIncrement: consumed))
    consumed = 0
    context.write(wrapOutboundOut(update), promise: nil)
  }

  // MARK: Answers

  func answer(_ answer: WebAnswer, ticket: Int) {
    let stream = HTTP2StreamID(ticket)
    guard let isHead = waiting.removeValue(forKey: stream) else {
      connection.loop.counters.late.increment()
      return
    }
    respond(answer, stream, isHead: isHead)
    context?.flush()
  }

  private func respond(_ answer: WebAnswer, _ stream: HTTP2StreamID, isHead: Bool = false) {
    guard let context else { return }
    var headers = HPACKHeaders([(":status", "\(answer.status.rawValue)")])
    for (name, value) in WebFields.fields(of: answer) { headers.add(name: name, value: value) }
    let head = HTTP2Frame.FramePayload.Headers(headers: headers, endStream: isHead)
    context.write(
      wrapOutboundOut(HTTP2Frame(streamID: stream, payload: .headers(head))), promise: nil)
    guard !isHead else { return }
    let body = WebFields.body(of: answer)
    watcher.hold(stream, body.readableBytes)
    let data = HTTP2Frame.FramePayload.Data(data: .byteBuffer(body), endStream: true)
    context.write(
      wrapOutboundOut(HTTP2Frame(streamID: stream, payload: .data(data))), promise: nil)
  }

  /// The answer is out before the request is in: the rest is not wanted (RFC 9113 §8.1).
  private func stop(_ stream: HTTP2StreamID) {
    let reset = HTTP2Frame(streamID: stream, payload: .rstStream(.noError))
    // First the answer, which the reset would overtake and drop.
    context?.flush()
    context?.write(wrapOutboundOut(reset), promise: nil)
  }

  func sayGoodbye() {
    guard let context else { return }
    let goAway = HTTP2Frame(
      streamID: .rootStream,
      payload: .goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil))
    context.writeAndFlush(wrapOutboundOut(goAway), promise: nil)
  }
}
