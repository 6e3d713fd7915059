package import Addressing
package import Evidence

/// That somebody had some addresses and ports for some time.
package struct AddressInterval: Equatable, Sendable {
  /// The addresses: one, or a delegated prefix.
  package var prefix: IPPrefix
  /// The ports, all of them unless a translator shares the address out.
  package var ports: ClosedRange<UInt16>
  /// The protocol of the ports; `any` when it does not matter.
  package var transport: IPProtocol
  /// First instant, microseconds since 1970; `Int64.min` = since ever.
  package var from: Int64
  /// First instant no longer, microseconds since 1970; `Int64.max` = still.
  package var to: Int64

  /// All ports.
  package static let allPorts: ClosedRange<UInt16> = 0...UInt16.max

  /// Makes an interval.
  package init(
    prefix: IPPrefix, ports: ClosedRange<UInt16> = AddressInterval.allPorts,
    transport: IPProtocol = .any, from: Int64, to: Int64
  ) {
    self.prefix = prefix
    self.ports = ports
    self.transport = transport
    self.from = from
    self.to = to
  }
}

/// Who had an address.
package enum Holder: Equatable, Sendable {
  /// A subscriber line, by the operator's opaque key (see `SubscriberKey`).
  case subscriber(ArraySlice<UInt8>)
  /// Whoever had this address on the inside of a translator at that instant.
  case inside(IPAddress)
}

/// Rules for keys of subscriber lines.
package enum SubscriberKey {
  /// Longest key, octets: the longest RADIUS attribute value (RFC 2865 §5).
  package static let longest = 253

  /// Whether the text may be a key: not empty, not too long, no control characters, UTF-8.
  package static func isValid(_ text: ArraySlice<UInt8>) -> Bool {
    guard (1...longest).contains(text.count), text.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { return false }
    return text.allSatisfy { $0 < 0x80 } || String(validating: text, as: UTF8.self) != nil
  }
}
