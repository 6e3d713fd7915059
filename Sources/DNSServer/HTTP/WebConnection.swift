import Addressing
import DoHMessages
import NIOCore
import NIOSSL
import NIOTLS

/// One connection of DNS over HTTPS on its event loop: counting, limits, queries and the end.
///
/// It stands last in the pipeline; the handler of the HTTP version, a `WebExchange`, in front.
final class WebConnection: StreamConnection, ChannelDuplexHandler {
  typealias InboundIn = Never
  typealias OutboundIn = Never

  /// Set when the version of HTTP is known; let go at the end, since it holds this connection too.
  var exchange: (any WebExchange)?
  /// The field in which the client, a web proxy, names its own; nil for all others.
  let forwardingField: ForwardingField?
  private var state: WebConnectionState
  private var context: ChannelHandlerContext?
  private var spareSink: TCPReplySink?
  private var isAdmitted = false
  private var isClosing = false
  private var owesRead = false

  override init(loop: TCPLoop, client: Client, usesTLS: Bool) {
    state = WebConnectionState(settings: loop.settings, usesTLS: usesTLS, at: loop.now)
    forwardingField = loop.handler.forwardingField(from: client.remote.address)
    super.init(loop: loop, client: client, usesTLS: usesTLS)
  }

  override var isEvictable: Bool { state.isEvictable }

  override func expire(at now: Int64) {
    let unsent = unsentOctets
    guard let reason = state.expiry(unsent: unsent, oldest: exchange?.oldestRequest, at: now)
    else { return }
    if isClosing { if let context { cut(context) } } else { close(reason) }
  }

  override func drain() {
    state.drain()
    exchange?.sayGoodbye()
    finishIfDone()
  }

  override func close(_ reason: TCPCloseReason) {
    guard let context, !isClosing else { return }
    loop.counters.count(reason)
    isClosing = true
    switch reason {
    case .idle: exchange?.sayGoodbye()
    case .finished, .shutdown: break
    default: return cut(context)
    }
    guard bufferedOctets(context) > 0 else { return context.close(promise: nil) }
    // What the kernel has not taken goes first; time limits bound how long that may take.
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    let flushed = (edge ?? context).writeAndFlush(NIOAny(ByteBuffer()))
    flushed.whenComplete { _ in bound.value.close(promise: nil) }
  }

  override func deliver(_ answer: ByteBuffer?, ticket: Int) {
    state.resolved(at: loop.now)
    guard !isClosing else {
      if answer != nil { loop.counters.late.increment() }
      return
    }
    if let answer {
      loop.counters.answers.increment()
      exchange?.answer(WebAnswer(status: .ok, message: answer), ticket: ticket)
    } else {
      exchange?.answer(WebAnswer(status: .unavailable), ticket: ticket)
    }
    loop.touch(self)
    settle()
  }
}

// MARK: - Queries

extension WebConnection {
  /// Whether requests are taken.
  var isOpen: Bool { isAdmitted && !isClosing }

  /// Who asks in a request; nil when a proxy does not say who its client is, which is not guessed.
  func client(of request: DoHRequest) -> Client? {
    guard forwardingField != nil else { return client }
    guard let named = request.forwardedClient else { return nil }
    var client = client
    client.become(named)
    return client
  }

  /// Answers a query, or returns nil when the answer comes later, through `WebExchange.answer`.
  func query(_ query: WebQuery, from client: Client, ticket: Int) -> WebAnswer? {
    loop.touch(self)
    loop.counters.queries.increment()
    loop.counters.dohQueries.increment()
    state.began(at: loop.now)
    var sink = takeSink(ticket)
    let (outcome, octets) = loop.reply.write { writer in
      switch query {
      case .octets(let octets):
        loop.handler.handle(
          octets.span, from: client, at: loop.wallClock(), reply: &writer, sink: sink)
      case .body(let body):
        loop.handler.handle(
          body.readableBytesUInt8Span, from: client, at: loop.wallClock(), reply: &writer,
          sink: sink)
      }
    }
    guard outcome != .pending else { return nil }
    sink.retire()
    if isKnownUniquelyReferenced(&sink) { spareSink = sink }
    state.resolved(at: loop.now)
    guard outcome == .reply, octets > 0 else { return WebAnswer(status: .unavailable) }
    loop.counters.answers.increment()
    return WebAnswer(
      status: .ok, message: loop.reply.withMessage(octets) { ByteBuffer(bytes: $0) })
  }

  /// A request that is refused; none of it reaches the query handler.
  func refuse(_ status: DoHStatus) -> WebAnswer {
    loop.counters.refusedRequests.increment()
    return WebAnswer(status: status)
  }

  private func takeSink(_ ticket: Int) -> TCPReplySink {
    defer { spareSink = nil }
    spareSink?.renew(ticket: ticket)
    return spareSink ?? TCPReplySink(connection: self, ticket: ticket)
  }

  private var unsentOctets: Int { bufferedOctets(context) + (exchange?.heldBack ?? 0) }

  /// After something has happened: cuts off who leaves too much unread, ends what is over, and asks
  /// the kernel for more where that is owed.
  func settle() {
    guard let context, isOpen else { return }
    // Asking for the octets in the channel costs; a writable channel holds few.
    if !context.channel.isWritable || (exchange?.heldBack ?? 0) > loop.settings.unsentOctets,
      unsentOctets > loop.settings.unsentOctets
    {
      return close(.overload)
    }
    finishIfDone()
    guard owesRead, !isClosing, wantsOctets(context) else { return }
    owesRead = false
    context.read()
  }

  private func finishIfDone() {
    if state.isFinished { close(.finished) }
  }

  private func wantsOctets(_ context: ChannelHandlerContext) -> Bool {
    context.channel.isWritable && state.wantsOctets(unsent: exchange?.heldBack ?? 0)
  }
}

// MARK: - Events of the channel

extension WebConnection {
  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    isAdmitted = loop.admit(self)
    if !isAdmitted { context.close(promise: nil) }
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    edge = nil
    exchange = nil
    isClosing = true
    spareSink?.retire()
    spareSink = nil
    if isAdmitted {
      if state.isShakingHands { loop.counters.failedHandshakes.increment() }
      isAdmitted = false
      loop.remove(self)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case TLSUserEvent.handshakeCompleted(let negotiated):
      loop.counters.handshakes.increment()
      state.endHandshake(at: loop.now)
      begin(context, isHTTP2: negotiated == "h2")
    case let version as HTTPVersionProbe.Version:
      begin(context, isHTTP2: version == .http2)
    case ChannelEvent.inputClosed:
      state.endInput()
      settle()
    default: break
    }
  }

  private func begin(_ context: ChannelHandlerContext, isHTTP2: Bool) {
    guard isOpen, exchange == nil else { return }
    do {
      if isHTTP2 {
        try StreamPipeline.addHTTP2(self, context)
      } else {
        try StreamPipeline.addHTTP1(self, context)
      }
    } catch {
      close(.malformed)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

  func channelReadComplete(context: ChannelHandlerContext) { settle() }

  func channelWritabilityChanged(context: ChannelHandlerContext) { settle() }

  func read(context: ChannelHandlerContext) {
    guard wantsOctets(context) else {
      owesRead = true
      return
    }
    context.read()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case NIOSSLError.uncleanShutdown = error { return }
    guard !(exchange?.survivesErrors ?? false) || error is IOError else { return }
    close(.malformed)
  }
}
