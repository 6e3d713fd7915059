public import DNSWire

/// Makes the messages of an answer that is too long to be held: a zone transfer.
///
/// The connection asks for the next message when the client has taken enough of those before, so
/// that a slow client costs one message of memory however large the zone is.
public protocol MessageProducer: AnyObject, Sendable {
  /// Writes the next message; called on the connection's event loop, never after the end.
  ///
  /// - Parameter now: microseconds since 1970, UTC.
  func next(into writer: inout WireWriter, at now: Int64) -> ProducerStep

  /// Says that nothing more is asked for; called once, on any thread.
  func ended()
}

/// What a producer did.
public enum ProducerStep: Sendable, Equatable {
  /// A message stands in the writer, and more follow.
  case message
  /// The last message stands in the writer.
  case lastMessage
  /// The answer cannot be completed: the connection is closed, so that the client does not take
  /// what it has for the whole.
  case failed
}

extension ReplySink {
  /// This transport carries no answers of many messages.
  public func stream(_ producer: any MessageProducer) -> Bool { false }
}
