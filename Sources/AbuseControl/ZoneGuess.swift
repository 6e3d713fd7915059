package import DNSWire

/// Guesses which zone a name belongs to, from its labels alone: the name below the public part.
///
/// A name that nobody answers for does not tell its zone. What strangers register below is public:
/// every top-level domain, and the suffixes handed in. Reverse names count by /24 and /48, the
/// smallest blocks that are routed.
package struct ZoneGuess: Sendable {
  /// Labels looked at as public suffixes.
  private static let deepestSuffix = 4

  private let key: SipHash.Key
  /// Labels a zone has below a suffix.
  private let below: [SipHash.Value: Int]

  /// Makes a guesser.
  ///
  /// - Parameter suffixes: public suffixes of two labels or more.
  package init(suffixes: [Name], key: SipHash.Key = .random()) {
    self.key = key
    var below: [SipHash.Value: Int] = [:]
    for suffix in suffixes { below[SipHash.hash(suffix.canonical.span, key: key)] = 1 }
    for (text, labels) in [("in-addr.arpa", 3), ("ip6.arpa", 12)] {
      guard let name = try? Name(text) else { continue }
      below[SipHash.hash(name.canonical.span, key: key)] = labels
    }
    self.below = below
  }

  /// A zone and where it starts in the name.
  package struct Zone: Sendable, Equatable {
    /// Hash of the zone's name.
    package var hash: UInt64
    /// Offset of its first label in the name.
    package var offset: Int
  }

  /// The zone that `name` probably is in.
  package func zone(of name: borrowing NameBuffer) -> Zone {
    var depth = 2
    while depth < name.labelCount, depth <= Self.deepestSuffix {
      let offset = name.labelOffset(name.labelCount - depth)
      let hash = SipHash.hash(name.canonicalBytes, from: offset, key: key)
      guard let labels = below[hash] else { return Zone(hash: hash.low, offset: offset) }
      depth += labels
    }
    let offset = name.labelOffset(name.labelCount - min(depth, name.labelCount))
    let hash = SipHash.hash(name.canonicalBytes, from: offset, key: key)
    return Zone(hash: hash.low, offset: offset)
  }
}
