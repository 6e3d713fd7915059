internal import DGAKit

/// Identifiers that are the same whenever they are computed: UUID version 5 (RFC 9562 §5.5).
///
/// The SHA-1 hash of a namespace and a name, so that the same record sent twice, or computed again
/// from the hits, is known by the same identifier. SHA-1 is what the RFC asks for; nothing here
/// relies on it withstanding collisions.
package enum UUIDv5 {
  /// The 128 bits of a namespace, itself a UUID.
  package struct Namespace: Equatable, Sendable {
    /// Octets in network order.
    let octets: [UInt8]

    /// Reads a UUID in its usual text, either case; nil if it is none.
    package init?(_ text: String) {
      let groups = text.split(separator: "-", omittingEmptySubsequences: false)
      guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12] else { return nil }
      let digits = groups.joined().map(\.hexDigitValue)
      guard digits.count == 32, digits.allSatisfy({ $0 != nil }) else { return nil }
      let values = digits.compactMap { $0.map(UInt8.init) }
      octets = stride(from: 0, to: 32, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }

    /// Makes a namespace from two big-endian halves.
    package init(high: UInt64, low: UInt64) {
      octets =
        (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) }
        + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
    }

    /// Everything Ponor names by itself: episodes, records, cases, objects of exports.
    ///
    /// A random UUID, drawn once (`d9233ce8-1980-4e22-9108-46c027a757f9`); it must never change.
    package static let ponor = Namespace(high: 0xd923_3ce8_1980_4e22, low: 0x9108_46c0_27a7_57f9)
    /// Observables of STIX (STIX 2.1 §2.9): `00abedb4-aa42-466c-9c01-fed23315a9b7`.
    package static let stix = Namespace(high: 0x00ab_edb4_aa42_466c, low: 0x9c01_fed2_3315_a9b7)
    /// Domain names (RFC 9562 §6.6): `6ba7b810-9dad-11d1-80b4-00c04fd430c8`.
    package static let dns = Namespace(high: 0x6ba7_b810_9dad_11d1, low: 0x80b4_00c0_4fd4_30c8)
  }

  /// The UUID of a name, in lower case with hyphens.
  package static func text(_ name: String, in namespace: Namespace = .ponor) -> String {
    var octets = Array(SHA1.hash(namespace.octets + Array(name.utf8)).bytes.prefix(16))
    octets[6] = octets[6] & 0x0f | 0x50  // version 5
    octets[8] = octets[8] & 0x3f | 0x80  // the RFC's variant
    let digits = octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    return [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
      .map { $0.joined() }.joined(separator: "-")
  }

  /// The UUID of something that several parts make distinct.
  ///
  /// Each part is preceded by its length, so that `("ab", "c")` and `("a", "bc")` differ.
  package static func text(parts: [String], in namespace: Namespace = .ponor) -> String {
    text(parts.map { "\($0.utf8.count):\($0)" }.joined(), in: namespace)
  }
}
