/// Says which subscriber line had an address and port at an instant.
///
/// What asks for it (evidence, exports) knows no more of attribution than this: the data behind an
/// answer is personal, and lives in files of its own with rights of their own.
package protocol SubscriberLookup: Sendable {
  /// The line that had the address then; `unknown` when nothing is known, never a guess.
  ///
  /// - Parameters:
  ///   - address: the client's address as the resolver saw it.
  ///   - port: its source port; 0 = not known (every port counts).
  ///   - transport: the IP protocol the port belongs to.
  ///   - microseconds: the instant, microseconds since 1970 UTC.
  func subscriber(
    address: ClientAddress, port: UInt16, transport: IPProtocol, at microseconds: Int64
  ) -> InfectionRecord.Subscriber
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
}
