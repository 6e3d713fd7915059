package import Evidence

/// One message on its way to a receiver.
package struct OutgoingMessage: Equatable, Sendable {
  /// The same for every try, and for no other message: record and revision.
  package let id: String
  /// Text in the sink's format, without line end.
  package let text: String
  /// Of the first lookup, microseconds since 1970.
  package let eventTime: Int64
  /// Sequence in the feed.
  package let sequence: Int64
  /// The record as the recipient may see it.
  package let record: InfectionRecord

  /// Makes a message.
  package init(
    id: String, text: String, eventTime: Int64, sequence: Int64, record: InfectionRecord
  ) {
    self.id = id
    self.text = text
    self.eventTime = eventTime
    self.sequence = sequence
    self.record = record
  }

  /// The id of a record's revision; letters, digits, `-` and `_` only, so that it may stand
  /// anywhere.
  package static func id(of record: InfectionRecord) -> String {
    "\(record.id)_\(record.revision)"
  }
}

/// Why a receiver did not take a message.
package enum SendFailure: Error, Equatable, Sendable {
  /// It cannot be reached, or not now: nothing is wrong with the message.
  ///
  /// `wait` is what the receiver asks for, microseconds, 0 if it does not say.
  case unavailable(String, wait: Int64 = 0)
  /// It refuses this message.
  case refused(String)
  /// It wants nothing more, ever: HTTP status 410.
  case gone(String)

  /// In a few words, never with a secret in them.
  package var reason: String {
    switch self {
    case .unavailable(let reason, _), .refused(let reason), .gone(let reason): reason
    }
  }
}

/// What became of some messages that were sent in order.
package struct SendOutcome: Equatable, Sendable {
  /// How many of the first ones were taken.
  package var accepted: Int
  /// Why the next one was not; nil when all were.
  package var failure: SendFailure?

  /// Makes an outcome.
  package init(accepted: Int, failure: SendFailure? = nil) {
    self.accepted = accepted
    self.failure = failure
  }
}

/// A receiver of single messages, used by one thread.
package protocol MessageSink: AnyObject {
  /// Sends messages in order and waits until the receiver has them.
  ///
  /// - Parameter now: microseconds since 1970.
  func send(_ messages: [OutgoingMessage], now: Int64) -> SendOutcome
}

/// A receiver of one document per UTC day, used by one thread.
package protocol DaySink: AnyObject {
  /// Hands the document of a day over, all or nothing.
  ///
  /// - Parameters:
  ///   - name: of this document among all of the sink; the same at every try.
  ///   - records: calls its argument with each record in turn.
  /// - Returns: what was written and left out.
  /// - Throws: `SendFailure`.
  func publish(
    _ name: DayName, records: (_ each: (InfectionRecord) throws -> Void) throws -> Void
  ) throws -> DayReceipt
}

/// Which document of a sink.
package struct DayName: Equatable, Sendable {
  /// UTC day of the records, `2026-11-23`.
  package let day: String
  /// 1 for the first document of the day, 2 for what became known after that, and so on.
  package let part: Int

  /// Makes a name.
  package init(day: String, part: Int) {
    self.day = day
    self.part = part
  }
}

/// What a document held.
package struct DayReceipt: Equatable, Sendable {
  /// Records in it.
  package var written: Int
  /// Records the format could not express, by reason.
  package var skipped: [String: Int]

  /// Makes a receipt.
  package init(written: Int, skipped: [String: Int]) {
    self.written = written
    self.skipped = skipped
  }
}
