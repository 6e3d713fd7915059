package import Addressing
package import Evidence

/// Which address is asked about.
package struct AttributionQuestion: Equatable, Sendable {
  /// The address.
  package var address: IPAddress
  /// Its port; nil = not known, every port counts.
  package var port: UInt16?
  /// The protocol of the port.
  package var transport: IPProtocol
  /// The instant, microseconds since 1970.
  package var instant: Int64

  /// Makes a question.
  package init(
    address: IPAddress, port: UInt16? = nil, transport: IPProtocol = .any, instant: Int64
  ) {
    self.address = address
    self.port = port
    self.transport = transport
    self.instant = instant
  }
}

/// Who had it.
package struct AttributionAnswer: Equatable, Sendable {
  /// How sure that is.
  package var state: InfectionRecord.Subscriber.State
  /// Key of the line; nil unless `unique`.
  package var key: String?
  /// Kind of source the line's key comes from; nil unless `unique`.
  package var source: String?
  /// The address inside of a translator, when exactly one had the port.
  package var inside: IPAddress?

  /// Nothing is known.
  package static let unknown = AttributionAnswer(state: .unknown)
  /// More than one may have had it.
  package static let ambiguous = AttributionAnswer(state: .ambiguous)

  /// As records carry it; behind a translator the join's source is `cgnat`.
  package var subscriber: InfectionRecord.Subscriber {
    InfectionRecord.Subscriber(
      state: state, key: key, source: state == .unique && inside != nil ? "cgnat" : source)
  }
}
