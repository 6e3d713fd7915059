public import DNSWire

/// Guesses which zone a name belongs to, from its labels alone: the name below the public part.
///
/// A name that nobody answers for does not tell its zone. What strangers register below is public:
/// every top-level domain, and the suffixes handed in. Reverse names count by /24 and /48, the
/// smallest blocks that are routed.
public struct ZoneGuess: Sendable {
  /// Labels looked at as public suffixes.
  private static let deepestSuffix = 4

  private let key: SipHash.Key
  /// Hashes of suffixes, each at the first free place from the one its low bits name; 0 is free.
  ///
  /// Looked at for each question that goes to recursion: a dictionary would hash the hash.
  private let suffixes: [UInt64]
  /// Labels a zone has below the suffix of that place.
  private let below: [UInt8]

  /// Makes a guesser.
  ///
  /// - Parameter suffixes: public suffixes of two labels or more.
  public init(suffixes: [Name], key: SipHash.Key = .random()) {
    self.key = key
    var labels: [UInt64: UInt8] = [:]
    for suffix in suffixes { labels[SipHash.hash(suffix.canonical.span, key: key).low] = 1 }
    for (text, count) in [("in-addr.arpa", 3), ("ip6.arpa", 12)] as [(String, UInt8)] {
      guard let name = try? Name(text) else { continue }
      labels[SipHash.hash(name.canonical.span, key: key).low] = count
    }
    var places = 4
    while places < labels.count * 2 { places *= 2 }
    var table = [UInt64](repeating: 0, count: places)
    var below = [UInt8](repeating: 0, count: places)
    for (hash, count) in labels where hash != 0 {
      var place = Int(truncatingIfNeeded: hash) & (places - 1)
      while table[place] != 0 { place = (place + 1) & (places - 1) }
      (table[place], below[place]) = (hash, count)
    }
    (self.suffixes, self.below) = (table, below)
  }

  /// Labels a zone has below the suffix with this hash, nil if it is none.
  private func labels(below hash: UInt64) -> Int? {
    let mask = suffixes.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    // Half of the places are free, so this ends.
    while suffixes[place] != 0 {
      if suffixes[place] == hash { return Int(below[place]) }
      place = (place + 1) & mask
    }
    return nil
  }

  /// A zone and where it starts in the name.
  public struct Zone: Sendable, Equatable {
    /// Hash of the zone's name.
    public var hash: UInt64
    /// Offset of its first label in the name.
    public var offset: Int
  }

  /// The zone that `name` probably is in.
  public func zone(of name: borrowing NameBuffer) -> Zone {
    var depth = 2
    while depth < name.labelCount, depth <= Self.deepestSuffix {
      let offset = name.labelOffset(name.labelCount - depth)
      let hash = SipHash.hash(name.canonicalBytes, from: offset, key: key)
      guard let labels = labels(below: hash.low) else {
        return Zone(hash: hash.low, offset: offset)
      }
      depth += labels
    }
    let offset = name.labelOffset(name.labelCount - min(depth, name.labelCount))
    let hash = SipHash.hash(name.canonicalBytes, from: offset, key: key)
    return Zone(hash: hash.low, offset: offset)
  }
}
