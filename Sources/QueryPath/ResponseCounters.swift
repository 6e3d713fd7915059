package import DNSServer
package import DNSWire
import Synchronization

/// Responses by transport, type and response code; counts as `QueryCounters` do.
///
/// The labels are bounded, whatever clients ask: types and codes that are rare share one.
package final class ResponseCounters: Sendable {
  /// One figure.
  package struct Figure: Sendable, Hashable {
    /// `udp`, `tcp`, `dot` or `doh`.
    package let transport: String
    /// `A` and so on, or `other`.
    package let type: String
    /// `NOERROR` and so on, or `other`.
    package let rcode: String
  }

  private static let types: [(UInt16, String)] = [
    (1, "A"), (2, "NS"), (5, "CNAME"), (6, "SOA"), (12, "PTR"), (15, "MX"), (16, "TXT"),
    (28, "AAAA"), (33, "SRV"), (35, "NAPTR"), (43, "DS"), (48, "DNSKEY"), (64, "SVCB"),
    (65, "HTTPS"), (255, "ANY"),
  ]
  /// Mnemonics of the IANA registry; 9 has two, and here it never is about TSIG alone.
  private static let rcodes = [
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET",
    "NXRRSET", "NOTAUTH", "NOTZONE", "BADVERS", "BADCOOKIE", "other",
  ]
  private static let typeSlots = 16
  private static let rcodeSlots = 16

  /// Four transports × 16 types × 16 codes.
  private let cells = InlineArray<1024, Atomic<UInt64>>({ _ in Atomic(0) })

  /// Creates counters at zero.
  package init() {}

  /// Counts one; only the owning thread calls this.
  @inline(__always)
  package func count(_ transport: Transport, _ type: UInt16, _ rcode: ResponseCode) {
    let cell =
      (Int(transport.rawValue & 3) * Self.typeSlots + Self.slot(ofType: type)) * Self.rcodeSlots
      + Self.slot(of: rcode)
    let value = cells[cell].load(ordering: .relaxed)
    cells[cell].store(value &+ 1, ordering: .relaxed)
  }

  @inline(__always)
  private static func slot(ofType type: UInt16) -> Int {
    switch type {
    case 1: 0
    case 2: 1
    case 5: 2
    case 6: 3
    case 12: 4
    case 15: 5
    case 16: 6
    case 28: 7
    case 33: 8
    case 35: 9
    case 43: 10
    case 48: 11
    case 64: 12
    case 65: 13
    case 255: 14
    default: 15
    }
  }

  @inline(__always)
  private static func slot(of rcode: ResponseCode) -> Int {
    switch rcode.rawValue {
    case 0...10: Int(rcode.rawValue)
    case 16: 11
    case 23: 12
    default: 13
    }
  }

  /// The figures that are not zero, added to `sums`.
  package func add(to sums: inout [Figure: UInt64]) {
    for transport in Transport.allCases {
      for type in 0..<Self.typeSlots {
        for rcode in Self.rcodes.indices {
          let cell =
            (Int(transport.rawValue) * Self.typeSlots + type) * Self.rcodeSlots + rcode
          let value = cells[cell].load(ordering: .relaxed)
          guard value > 0 else { continue }
          let figure = Figure(
            transport: "\(transport)",
            type: type < Self.types.count ? Self.types[type].1 : "other",
            rcode: Self.rcodes[rcode])
          sums[figure, default: 0] += value
        }
      }
    }
  }

  /// The mnemonic of a response code, or its number.
  package static func name(of rcode: ResponseCode) -> String {
    let slot = slot(of: rcode)
    return slot < rcodes.count - 1 ? rcodes[slot] : "RCODE\(rcode.rawValue)"
  }

  /// Whether the table of names agrees with the one of numbers; for a test.
  package static var isConsistent: Bool {
    types.enumerated().allSatisfy { slot(ofType: $0.element.0) == $0.offset }
      && slot(ofType: 0) == types.count
  }
}
