import DNSWire
import NIOCore

/// Answers of many messages.
extension TCPConnection {
  /// Begins to send what `producer` makes.
  func begin(_ producer: any MessageProducer) {
    producers.append(producer)
    pump()
  }

  /// Sends the next message if the client has taken enough of those before.
  ///
  /// One message a turn: the other connections of this loop get theirs in between.
  func pump() {
    guard let producer = producers.first, !isClosing, !isPumping, isWritable else { return }
    let (step, octets) = loop.reply.write { producer.next(into: &$0, at: loop.wallClock()) }
    guard step != .failed, octets > 0 else {
      endProducers()
      return close(.aborted)
    }
    loop.reply.withFrame(octets) { _ = unsent.writeBytes($0) }
    state.progressed(at: loop.now)
    loop.touch(self)
    if step == .lastMessage {
      producers.removeFirst().ended()
      loop.counters.answers.increment()
      state.resolved(answered: true, at: loop.now)
    }
    isPumping = true
    let connection = NIOLoopBound(self, eventLoop: loop.eventLoop)
    loop.eventLoop.execute {
      connection.value.isPumping = false
      connection.value.pump()
    }
    // Flushes, and takes the next queries if there are any.
    work()
  }

  /// Lets go of everything that makes messages.
  func endProducers() {
    let all = producers
    producers = []
    for producer in all { producer.ended() }
  }
}
