import Addressing
import NIOCore

/// One TCP connection on its event loop: does what `TCPConnectionState` says.
final class TCPConnection: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Whom this connection is counted for.
  let censusKey: IPAddress
  /// The place in the loop's list, kept by `TCPConnectionList`.
  var links = TCPConnectionLinks()

  private let loop: TCPLoop
  private let client: Client
  private var state: TCPConnectionState
  private var context: ChannelHandlerContext?
  private var unread = ByteBuffer()
  private var unsent = ByteBuffer()
  private var spareSink: TCPReplySink?
  private var isAdmitted = false
  private var isWorking = false
  private var isClosing = false
  private var owesRead = false

  init(loop: TCPLoop, remote: SocketEndpoint, local: SocketEndpoint) {
    self.loop = loop
    client = Client(remote: remote, local: local, transport: .tcp)
    censusKey = TCPCensus.client(of: remote.address)
    state = TCPConnectionState(settings: loop.settings, at: loop.now)
  }

  /// Whether it may be closed to make room for another.
  var isEvictable: Bool { state.isEvictable }
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
    isClosing = true
    spareSink?.retire()
    spareSink = nil
    unread = ByteBuffer()
    unsent = ByteBuffer()
    if isAdmitted {
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
    if case .inputClosed? = event as? ChannelEvent {
      state.endInput()
      work()
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { work() }
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
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

// MARK: - Queries

extension TCPConnection {
  /// Works on what has been received until something is missing.
  private func work() {
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

  private var isWritable: Bool {
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
    var sink = takeSink()
    let (outcome, octets) = loop.reply.write { writer in
      loop.handler.handle(
        message.readableBytesUInt8Span, from: client, at: loop.wallClock(), reply: &writer,
        sink: sink)
    }
    guard outcome != .pending else { return }
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
    spareSink?.renew()
    return spareSink
      ?? TCPReplySink(
        connection: NIOLoopBound(self, eventLoop: loop.eventLoop), gate: loop.gate)
  }

  /// Sends the answer to a pending query, or notes that there will be none.
  func deliver(_ frame: ByteBuffer?) {
    guard var frame, !isClosing else {
      if frame != nil { loop.counters.late.increment() }
      return resolveWithoutAnswer()
    }
    unsent.writeBuffer(&frame)
    loop.counters.answers.increment()
    loop.touch(self)
    state.resolved(answered: true, at: loop.now)
    work()
  }

  private func resolveWithoutAnswer() {
    state.resolved(answered: false, at: loop.now)
    work()
  }
}

// MARK: - Sending and closing

extension TCPConnection {
  private func flush(_ context: ChannelHandlerContext) {
    guard unsent.readableBytes > 0 else { return }
    let batch = unsent
    unsent = ByteBuffer()
    context.writeAndFlush(wrapOutboundOut(batch), promise: nil)
    if state.exceedsUnsent(bufferedOctets) { close(.overload) }
  }

  /// Octets handed to the channel that the kernel has not taken.
  private var bufferedOctets: Int {
    guard let options = context?.channel.syncOptions else { return 0 }
    return (try? options.getOption(.bufferedWritableBytes)) ?? 0
  }

  /// Closes the connection if one of its time limits has passed.
  func expire(at now: Int64) {
    guard let reason = state.expiry(unsent: bufferedOctets, at: now) else { return }
    if isClosing { context?.close(promise: nil) } else { close(reason) }
  }

  /// Takes no more queries and closes when the answers are out.
  func drain() {
    state.drain()
    work()
  }

  /// Closes: at once if the client is at fault or late, else when what is queued has been sent.
  func close(_ reason: TCPCloseReason) {
    guard let context, !isClosing else { return }
    loop.counters.count(reason)
    if reason == .finished || reason == .malformed || reason == .shutdown { flush(context) }
    guard !isClosing else { return }
    isClosing = true
    let sendsRest = reason == .finished || reason == .shutdown
    guard sendsRest, bufferedOctets > 0 else { return context.close(promise: nil) }
    let channel = context.channel
    channel.writeAndFlush(ByteBuffer()).whenComplete { _ in channel.close(promise: nil) }
  }
}
