import Addressing
import NIOCore
import NIOSSL
import NIOTLS

/// One connection of DNS over TCP or TLS on its event loop: does what `TCPConnectionState` says.
final class TCPConnection: StreamConnection, ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  var state: TCPConnectionState
  private var context: ChannelHandlerContext?
  private var unread = ByteBuffer()
  var unsent = ByteBuffer()
  private var spareSink: TCPReplySink?
  private var isAdmitted = false
  private var isWorking = false
  private(set) var isClosing = false
  /// Answers of many messages under way, the first one being sent.
  var producers: [any MessageProducer] = []
  var isPumping = false
  private var owesRead = false
  private var hasHandshake = false

  init(loop: TCPLoop, client: Client) {
    state = TCPConnectionState(
      settings: loop.settings, transport: client.carrier, at: loop.now)
    super.init(loop: loop, client: client, usesTLS: client.carrier == .dot)
  }

  override var isEvictable: Bool { state.isEvictable }

  /// Closes the connection if one of its time limits has passed.
  override func expire(at now: Int64) {
    guard let reason = state.expiry(unsent: bufferedOctets(context), at: now) else { return }
    if isClosing { if let context { cut(context) } } else { close(reason) }
  }

  /// Takes no more queries and closes when the answers are out.
  override func drain() {
    // A transfer may take minutes; the client asks again.
    if !producers.isEmpty {
      endProducers()
      return close(.aborted)
    }
    state.drain()
    work()
  }

  /// Sends the answer to a pending query, or notes that there will be none.
  override func deliver(_ answer: ByteBuffer?, ticket: Int) {
    guard var answer, !isClosing else {
      if answer != nil { loop.counters.late.increment() }
      return resolveWithoutAnswer()
    }
    unsent.writeInteger(UInt16(truncatingIfNeeded: answer.readableBytes))
    unsent.writeBuffer(&answer)
    loop.counters.answers.increment()
    loop.touch(self)
    state.resolved(answered: true, at: loop.now)
    work()
  }

  /// Closes: at once if the client is at fault or late, else when what is queued has been sent.
  override func close(_ reason: TCPCloseReason) {
    guard let context, !isClosing else { return }
    loop.counters.count(reason)
    if reason == .finished || reason == .malformed || reason == .shutdown { flush(context) }
    guard !isClosing else { return }
    isClosing = true
    switch reason {
    case .finished, .idle, .shutdown: break
    default: return cut(context)
    }
    guard reason != .idle, bufferedOctets(context) > 0 else { return context.close(promise: nil) }
    let channel = context.channel
    channel.writeAndFlush(ByteBuffer()).whenComplete { _ in channel.close(promise: nil) }
  }
}

// MARK: - Events of the channel

extension TCPConnection {
  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    isAdmitted = loop.admit(self)
    if !isAdmitted { context.close(promise: nil) }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    edge = nil
    isClosing = true
    spareSink?.retire()
    spareSink = nil
    endProducers()
    unread = ByteBuffer()
    unsent = ByteBuffer()
    if isAdmitted {
      if client.carrier == .dot, !hasHandshake { loop.counters.failedHandshakes.increment() }
      isAdmitted = false
      loop.remove(self)
    }
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard isAdmitted, !isClosing else { return }
    var octets = unwrapInboundIn(data)
    if unread.readableBytes == 0 { unread = octets } else { unread.writeBuffer(&octets) }
    work()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case ChannelEvent.inputClosed:
      state.endInput()
      work()
    case TLSUserEvent.handshakeCompleted:
      hasHandshake = true
      loop.counters.handshakes.increment()
      state.endHandshake(at: loop.now)
    default: break
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      work()
      pump()
    }
    context.fireChannelWritabilityChanged()
  }

  func read(context: ChannelHandlerContext) {
    guard state.wantsOctets else {
      owesRead = true
      return
    }
    context.read()
  }

  /// A reset or another failure of the socket: nothing can be sent any more.
  ///
  /// Not that a client closed its side without the farewell of TLS: it may still want its answers.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case NIOSSLError.uncleanShutdown = error { return }
    context.close(promise: nil)
  }
}

// MARK: - Queries

extension TCPConnection {
  /// Works on what has been received until something is missing.
  func work() {
    guard let context, isAdmitted, !isWorking, !isClosing else { return }
    isWorking = true
    defer { isWorking = false }
    while true {
      let step = state.step(
        unread: unread.readableBytesUInt8Span, writable: isWritable, at: loop.now)
      switch step {
      case .message(let length):
        answer(length)
      case .wait:
        return settle(context)
      case .pause:
        // Flushing may make room at once; nobody would call again in that case.
        let hadUnsent = unsent.readableBytes > 0
        flush(context)
        guard hadUnsent, !isClosing, isWritable else { return settle(context) }
      case .close(let reason):
        return close(reason)
      }
    }
  }

  var isWritable: Bool {
    unsent.readableBytes < TCPLimits.unsentPauseOctets && context?.channel.isWritable ?? false
  }

  private func settle(_ context: ChannelHandlerContext) {
    flush(context)
    compact()
    guard owesRead, state.wantsOctets, !isClosing else { return }
    owesRead = false
    context.read()
  }

  /// Gives back the memory of what has been used.
  ///
  /// Else a client whose segments always end within a message would make the buffer grow for ever.
  /// Moving at most what was used keeps it cheap.
  private func compact() {
    if unread.readableBytes == 0 {
      unread = ByteBuffer()
    } else if unread.readerIndex >= unread.readableBytes {
      unread.discardReadBytes()
    }
  }

  private func answer(_ length: Int) {
    unread.moveReaderIndex(forwardBy: TCPLimits.lengthOctets)
    guard let message = unread.readSlice(length: length) else { return }
    loop.touch(self)
    loop.counters.queries.increment()
    if client.carrier == .dot { loop.counters.dotQueries.increment() }
    var sink = takeSink()
    let (outcome, octets) = loop.reply.write { writer in
      loop.handler.handle(
        message.readableBytesUInt8Span, from: client, at: loop.wallClock(), reply: &writer,
        sink: sink)
    }
    guard outcome != .pending else { return }
    if outcome == .stream, let producer = sink.takeProducer() {
      sink.retire()
      return begin(producer)
    }
    sink.retire()
    // A handler that kept it in spite of its outcome must not answer the next query with it.
    if isKnownUniquelyReferenced(&sink) { spareSink = sink }
    let answered = outcome == .reply && octets > 0
    if answered {
      loop.reply.withFrame(octets) { _ = unsent.writeBytes($0) }
      loop.counters.answers.increment()
    }
    state.resolved(answered: answered, at: loop.now)
  }

  private func takeSink() -> TCPReplySink {
    defer { spareSink = nil }
    spareSink?.renew(ticket: 0)
    return spareSink ?? TCPReplySink(connection: self, ticket: 0)
  }

  private func resolveWithoutAnswer() {
    state.resolved(answered: false, at: loop.now)
    work()
  }
}

// MARK: - Sending

extension TCPConnection {
  private func flush(_ context: ChannelHandlerContext) {
    guard unsent.readableBytes > 0 else { return }
    let batch = unsent
    unsent = ByteBuffer()
    context.writeAndFlush(wrapOutboundOut(batch), promise: nil)
    if state.exceedsUnsent(bufferedOctets(context)) { close(.overload) }
  }
}
