import DNSWire
import DoHMessages
import NIOCore
import NIOHTTP1

/// DNS over HTTP/1.1: one request at a time, in their order (RFC 9112 §9.3).
final class HTTP1Exchange: ChannelInboundHandler, WebExchange {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// Header fields of a request; ours: browsers send some twenty.
  static let fieldLimit = 64

  private let connection: WebConnection
  private var context: ChannelHandlerContext?
  private var request = DoHRequest()
  private var step = DoHRequest.Step.refuse(.badRequest)
  private var body = ByteBuffer()
  private var keepsAlive = true
  private var began: Int64?
  private var isWaiting = false
  private var isOver = false

  init(_ connection: WebConnection) { self.connection = connection }

  var heldBack: Int { 0 }
  var oldestRequest: Int64? { isWaiting ? nil : began }
  var survivesErrors: Bool { false }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }
  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard connection.isOpen else { return }
    switch unwrapInboundIn(data) {
    case .head(let head) where !isOver: begin(head)
    case .body(var octets) where !isOver: take(&octets)
    case .end where isOver: connection.close(.finished)
    case .end: finish()
    case .head, .body: break
    }
  }

  /// A request that is none: RFC 9112 §2.2 wants it answered, and nothing behind it can be trusted.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError, connection.isOpen, !isOver else {
      return context.fireErrorCaught(error)
    }
    began = nil
    let isLarge = error as? HTTPParserError == .headerOverflow
    refuse(isLarge ? .fieldsTooLarge : .badRequest)
  }

  // MARK: Requests

  private func begin(_ head: HTTPRequestHead) {
    request = DoHRequest(method: .init(head.method.rawValue), target: head.uri)
    request.forwardingField = connection.forwardingField
    for (name, value) in head.headers { request.take(name: name, value: value) }
    step = request.step(path: connection.loop.dohPath)
    keepsAlive = head.isKeepAlive
    body.clear()
    began = connection.loop.now
    // The answer does not wait for a body that nobody wants.
    if case .refuse(let status) = step, request.method != .get, request.method != .head {
      refuse(status)
    }
  }

  private func take(_ octets: inout ByteBuffer) {
    guard case .body = step else { return }
    guard body.readableBytes + octets.readableBytes <= Limits.messageOctets else {
      body = ByteBuffer()
      return refuse(.contentTooLarge)
    }
    body.writeBuffer(&octets)
  }

  private func finish() {
    began = nil
    switch step {
    case .query(let message):
      ask(.octets(message))
    case .body:
      guard DoHRequest.isQuery(body.readableBytesUInt8Span) else {
        return respond(connection.refuse(.badRequest))
      }
      ask(.body(body))
    case .refuse(let status):
      respond(connection.refuse(status))
    }
  }

  /// Refuses a request before its end, and with it whatever comes behind.
  ///
  /// What is left of it is read and dropped: closing at once would reset the connection and take
  /// the answer away from a client that is still sending (RFC 9112 §9.6).
  private func refuse(_ status: DoHStatus) {
    keepsAlive = false
    respond(connection.refuse(status))
  }

  private func ask(_ query: WebQuery) {
    guard let client = connection.client(of: request) else {
      return respond(connection.refuse(.badRequest))
    }
    isWaiting = true
    if let answer = connection.query(query, from: client, ticket: 0) { respond(answer) }
  }

  // MARK: Answers

  func answer(_ answer: WebAnswer, ticket: Int) {
    respond(answer)
  }

  private func respond(_ answer: WebAnswer) {
    isWaiting = false
    guard let context else { return }
    var headers = HTTPHeaders()
    for (name, value) in WebFields.fields(of: answer) { headers.add(name: name, value: value) }
    if !keepsAlive { headers.add(name: "connection", value: "close") }
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status.rawValue),
      headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if request.method != .head {
      context.write(wrapOutboundOut(.body(.byteBuffer(WebFields.body(of: answer)))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    guard !keepsAlive else { return }
    isOver = true
    if began == nil { connection.close(.finished) }
  }

  /// The next answer says that it is the last; a connection without one just closes.
  func sayGoodbye() { keepsAlive = false }
}
