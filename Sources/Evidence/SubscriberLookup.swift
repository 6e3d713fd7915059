/// Says which subscriber lines had addresses and ports at given instants.
///
/// What asks for it (evidence) knows no more of attribution than this: the data behind an answer is
/// personal, and lives in files of its own with rights of their own, as a rule in a process of its own.
package protocol SubscriberLookup: Sendable {
  /// The lines; `unknown` where nothing is known, never a guess.
  ///
  /// May block for seconds: never called within a transaction or on a path of queries.
  func answers(
    _ questions: [SubscriberQuestion]
  ) throws(SubscriberLookupFailure) -> SubscriberAnswers
}

/// A question: who had an address and port at an instant.
package struct SubscriberQuestion: Hashable, Sendable {
  /// The client's address as the resolver saw it.
  package var address: ClientAddress
  /// Its source port; 0 = not known (every port counts).
  package var port: UInt16
  /// The protocol the port belongs to.
  package var transport: IPProtocol
  /// The instant, microseconds since 1970 UTC.
  package var microseconds: Int64

  /// Makes a question.
  package init(address: ClientAddress, port: UInt16, transport: IPProtocol, microseconds: Int64) {
    self.address = address
    self.port = port
    self.transport = transport
    self.microseconds = microseconds
  }
}

/// The answers to a list of questions.
package struct SubscriberAnswers: Equatable, Sendable {
  /// One for each question, in order.
  package var subscribers: [InfectionRecord.Subscriber]
  /// Up to which instant the records go that the answers come from, microseconds since 1970: of
  /// later ones an answer may be out of date.
  package var knownUntil: Int64

  /// Makes answers.
  package init(subscribers: [InfectionRecord.Subscriber], knownUntil: Int64) {
    self.subscribers = subscribers
    self.knownUntil = knownUntil
  }
}

/// Why nobody can say at present which lines had addresses.
package struct SubscriberLookupFailure: Error, Equatable, Sendable {
  /// One line: what, where, what to do.
  package var message: String

  /// Makes a failure.
  package init(_ message: String) { self.message = message }
}

/// An IP protocol number (IANA "Protocol Numbers"), as far as address translators tell ports apart.
package struct IPProtocol: RawRepresentable, Hashable, Sendable {
  /// The number; 0 = not known, or any.
  package let rawValue: UInt8

  /// Makes one of its number.
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Not known, or any.
  package static let any = IPProtocol(rawValue: 0)
  /// TCP (RFC 9293).
  package static let tcp = IPProtocol(rawValue: 6)
  /// UDP (RFC 768).
  package static let udp = IPProtocol(rawValue: 17)

  /// The protocol under a DNS transport as records name it: `udp`, `tcp`, `dot`, `doh`.
  package init(transport: String) {
    switch transport {
    case "udp", "doq": self = .udp
    case "tcp", "dot", "doh": self = .tcp
    default: self = .any
    }
  }
  /// The protocol under a DNS transport.
  package init(_ transport: HitTransport) { self = transport == .udp ? .udp : .tcp }
}
