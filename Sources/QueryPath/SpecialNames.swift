import DNSWire
import Policy

/// Names that never go to the Internet, and what is said of them.
///
/// Sources: IANA "Special-Use Domain Names" and "Locally-Served DNS Zones" with the RFCs named.
final class SpecialNames: Sendable {
  /// What is answered.
  enum Treatment: Sendable, Equatable {
    /// The loopback addresses (RFC 6761 §6.3).
    case loopback
    /// The reverse name of a loopback address: `localhost` (RFC 6303 §4.2 and §4.3).
    case loopbackPointer
    /// Nothing exists below the name; the SOA is that of the special zone.
    case nonexistent
    /// The zone exists and is empty (RFC 9462 §6.4 for resolver.arpa).
    case empty
  }

  private let key = SipHash.Key.random()
  private let treatments: [SipHash.Value: Treatment]
  private let depths: UInt64
  /// `NameBuffer.lastLabelWord` of the names.
  private let lastLabels: [UInt64]
  private let ordinary: NameSet

  /// The names of the built-in table.
  ///
  /// - Parameter ordinary: names that are resolved like others, with all below them.
  init(except ordinary: [Name] = []) {
    self.ordinary = NameSet(ordinary)
    var treatments: [SipHash.Value: Treatment] = [:]
    var depths: UInt64 = 0
    var lastLabels: Set<UInt64> = []
    for (text, treatment) in Self.table {
      guard let name = try? Name(text) else { continue }
      treatments[SipHash.hash(name.canonical.span, key: key)] = treatment
      depths |= 1 << UInt64(name.labelCount)
      var buffer = NameBuffer()
      guard (try? buffer.load(from: name.wire.span, at: 0, allowCompression: false)) != nil else {
        continue
      }
      lastLabels.insert(buffer.lastLabelWord)
    }
    self.treatments = treatments
    self.depths = depths
    self.lastLabels = Array(lastLabels)
  }

  /// Whether a name may stand at or below one of the names, judged by `NameBuffer.lastLabelWord`:
  /// spares nearly all queries the hashing.
  func mayHold(_ lastLabelWord: UInt64) -> Bool { lastLabels.contains(lastLabelWord) }

  /// The special name a query stands at or below: what to say, and where the name starts.
  ///
  /// The DS records of a special zone are its parent's (RFC 4035 §3.1.4.1): where the parent is no
  /// special zone too, they are asked of the Internet, else a validator behind us would take every
  /// answer below for bogus (RFC 8375 §4 says so of home.arpa). Not those of special top-level
  /// names: of them nothing at all is asked (RFC 6761 §6, RFC 7686 §2).
  func find(
    _ name: borrowing NameBuffer, _ qtype: RRType
  ) -> (treatment: Treatment, offset: Int)? {
    let deepest = UInt64(truncatingIfNeeded: min(name.labelCount, 63))
    var candidates = depths & (.max >> (63 - deepest))
    var ownZone: Treatment?
    while candidates != 0 {
      let depth = 63 - candidates.leadingZeroBitCount
      candidates &= ~(1 << UInt64(depth))
      let offset = name.labelOffset(name.labelCount - depth)
      let hash = SipHash.hash(name.canonicalBytes, from: offset, key: key)
      guard let treatment = treatments[hash] else { continue }
      if !ordinary.isEmpty, ordinary.covers(name) { return nil }
      guard qtype == .ds, offset == 0, depth > 1 else {
        return ownZone.map { ($0, 0) } ?? (treatment, offset)
      }
      ownZone = treatment
    }
    return nil
  }

  private static var table: [(String, Treatment)] {
    var table: [(String, Treatment)] = [
      ("localhost", .loopback),  // RFC 6761 §6.3
      ("invalid", .nonexistent),  // RFC 6761 §6.4
      ("test", .nonexistent),  // RFC 6761 §6.2
      ("onion", .nonexistent),  // RFC 7686 §2
      ("local", .nonexistent),  // RFC 6762 §22.1
      ("alt", .nonexistent),  // RFC 9476 §2
      ("home.arpa", .nonexistent),  // RFC 8375 §4
      ("resolver.arpa", .empty),  // RFC 9462 §6.4
      ("service.arpa", .nonexistent),  // RFC 9665 §10
      ("eap-noob.arpa", .nonexistent),  // RFC 9140 §5
    ]
    table += reverseZones.map { ($0, .nonexistent) }
    let zeros = String(repeating: "0.", count: 31)
    // The names between 127.in-addr.arpa and the one that has data exist (RFC 8020 §2).
    table += ["0.127.in-addr.arpa", "0.0.127.in-addr.arpa"].map { ($0, .nonexistent) }
    table.append(("1.0.0.127.in-addr.arpa", .loopbackPointer))
    return table.filter { $0.0 != "1.\(zeros)ip6.arpa" }
      + [("1.\(zeros)ip6.arpa", .loopbackPointer)]
  }

  /// RFC 6303 §4 and RFC 7793, in reverse notation.
  private static var reverseZones: [String] {
    var zones = [
      "0", "10", "127", "254.169", "168.192", "2.0.192", "100.51.198", "113.0.203",
      "255.255.255.255",
    ]
    zones += (16...31).map { "\($0).172" }
    zones += (64...127).map { "\($0).100" }
    let zeros = String(repeating: "0.", count: 31)
    let six = [
      "0." + zeros, "1." + zeros, "d.f.", "8.e.f.", "9.e.f.", "a.e.f.", "b.e.f.",
      "8.b.d.0.1.0.0.2.",
    ]
    return zones.map { "\($0).in-addr.arpa" } + six.map { "\($0)ip6.arpa" }
  }
}
