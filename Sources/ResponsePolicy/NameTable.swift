public import DNSWire

/// The names rules are about, by keyed hash: 12.5 octets a name, nothing of the name itself.
///
/// A node stands for one name. It carries the rule for the name itself and the rule for all names
/// below it (`*.name`), so that a feed which lists both costs one node. Ancestors of names with
/// rules are nodes too, without rules: a wildcard counts only at the closest ancestor that exists
/// in the zone (RFC 4592 §3.3.1), as in every resolver that keeps policy zones as zones.
///
/// **Layout.** Nodes are sorted into buckets of about 8 by the first half of their 128-bit hash;
/// `starts` says where each bucket begins, `fingerprints` holds the second half, `rules` both rules
/// in 32 bits. A miss reads one entry of `starts` and one or two cache lines of fingerprints.
///
/// **False matches.** 8 comparisons of 64 bits a probe and 4 probes a query match by chance with
/// 1.7e-18. At 1,000,000 queries a second that is one in 18,000 years.
public struct NameTable: Sendable {
  /// Nodes in a bucket on average.
  static let nodesPerBucket = 8
  /// Marks an entry of `rules` that points into `pairs`.
  static let isPair: UInt32 = 0x8000_0000

  /// The rules of a node.
  public struct Node: Sendable, Equatable {
    /// The rule for the name itself.
    public var exact: PolicyRule
    /// The rule for all names below.
    public var below: PolicyRule
  }

  fileprivate let starts: [UInt32]
  fileprivate let fingerprints: [UInt64]
  fileprivate let rules: [UInt32]
  fileprivate let pairs: [Node]
  /// Bit n: a node has n labels; bit 63 for 63 and more.
  private let depths: UInt64
  /// Whether there is a node without labels, that is a rule for everything.
  private let ruleCount: Int

  fileprivate init(
    starts: [UInt32], fingerprints: [UInt64], rules: [UInt32], pairs: [Node], depths: UInt64,
    ruleCount: Int
  ) {
    self.starts = starts
    self.fingerprints = fingerprints
    self.rules = rules
    self.pairs = pairs
    self.depths = depths
    self.ruleCount = ruleCount
  }

  /// A table without names.
  public init() {
    self.init(starts: [0, 0], fingerprints: [], rules: [], pairs: [], depths: 0, ruleCount: 0)
  }

  /// Whether there is no name.
  public var isEmpty: Bool { fingerprints.isEmpty }
  /// Names with a rule for themselves, plus names with a rule for those below.
  public var count: Int { ruleCount }
  /// Nodes, those without rules included.
  public var nodeCount: Int { fingerprints.count }
  /// Octets of memory.
  public var memory: Int {
    starts.count * 4 + fingerprints.count * 8 + rules.count * 4 + pairs.count * 8
  }

  /// The node of a name, nil if there is none.
  @inline(__always)
  public func node(_ hash: SipHash.Value) -> Node? {
    let bucket = Self.bucket(hash.low, of: starts.count - 1)
    var index = Int(starts[bucket])
    let end = Int(starts[bucket + 1])
    while index < end {
      if fingerprints[index] == hash.high { return unpack(rules[index]) }
      index += 1
    }
    return nil
  }

  /// The rule for a name, and the offset in it where the name of the rule starts.
  public func match(
    _ name: borrowing NameBuffer, _ hashes: inout SuffixHashes
  ) -> (rule: PolicyRule, offset: Int)? {
    guard !fingerprints.isEmpty else { return nil }
    let labels = name.labelCount
    for label in 0...labels {
      let depth = min(labels - label, 63)
      guard depths >> UInt64(depth) & 1 == 1 else { continue }
      guard let node = node(hashes.hash(name, from: label)) else { continue }
      // The closest encloser decides alone: no wildcard further up reaches past it.
      let rule = label == 0 ? node.exact : node.below
      return rule == .none ? nil : (rule, name.labelOffset(label))
    }
    return nil
  }

  @inline(__always)
  private func unpack(_ word: UInt32) -> Node {
    if word & Self.isPair != 0 { return pairs[Int(word & ~Self.isPair)] }
    return Node(
      exact: PolicyRule(rawValue: word >> 16), below: PolicyRule(rawValue: word & 0xFFFF))
  }

  @inline(__always)
  fileprivate static func bucket(_ hash: UInt64, of count: Int) -> Int {
    Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(count)).high)
  }
}

// MARK: - Building

extension NameTable {
  /// Collects nodes in any order.
  struct Builder {
    private struct Entry {
      var low: UInt64
      var high: UInt64
      var node: Node
    }

    /// Entries are kept in pieces, so that a growing array never copies what it holds.
    private static let chunk = 1 << 16
    /// Remembered ancestors: nearly all names share a few thousand of them.
    private static let seenAncestors = 1 << 16

    private let key: SipHash.Key
    private var chunks: [[Entry]] = []
    private var depths: UInt64 = 0
    private var seen: [UInt64]
    /// Entries collected, repeats included.
    private(set) var count = 0

    init(key: SipHash.Key) {
      self.key = key
      seen = [UInt64](repeating: 0, count: Self.seenAncestors)
    }

    /// Adds a rule for the name in `wire` (canonical, root label included) that starts at
    /// `offsets[0]`; `offsets` has the offset of each label.
    mutating func add(
      _ wire: Span<UInt8>, labels offsets: ArraySlice<Int>, _ rule: PolicyRule, isBelow: Bool
    ) {
      let hash = SipHash.hash(wire, from: offsets.first ?? wire.count - 1, key: key)
      let node = Node(exact: isBelow ? .none : rule, below: isBelow ? rule : .none)
      noteDepth(offsets.count)
      if !extendLast(hash, node) { append(Entry(low: hash.low, high: hash.high, node: node)) }
      for (index, offset) in offsets.dropFirst().enumerated() {
        let ancestor = SipHash.hash(wire, from: offset, key: key)
        let slot = Int(ancestor.low & UInt64(Self.seenAncestors - 1))
        // What is known has known ancestors.
        if seen[slot] == ancestor.high { return }
        seen[slot] = ancestor.high
        noteDepth(offsets.count - 1 - index)
        append(
          Entry(low: ancestor.low, high: ancestor.high, node: Node(exact: .none, below: .none)))
      }
    }

    private mutating func noteDepth(_ labels: Int) { depths |= 1 << UInt64(min(labels, 63)) }

    /// Feeds list `name` and `*.name` one after the other: the second goes into the first's entry.
    private mutating func extendLast(_ hash: SipHash.Value, _ node: Node) -> Bool {
      guard let chunk = chunks.indices.last, let last = chunks[chunk].indices.last else {
        return false
      }
      let entry = chunks[chunk][last]
      guard entry.low == hash.low, entry.high == hash.high else { return false }
      if node.exact != .none, entry.node.exact == .none {
        chunks[chunk][last].node.exact = node.exact
      } else if node.below != .none, entry.node.below == .none {
        chunks[chunk][last].node.below = node.below
      } else {
        return false
      }
      return true
    }

    private mutating func append(_ entry: Entry) {
      if chunks.last.map({ $0.count == Self.chunk }) ?? true {
        chunks.append([])
        chunks[chunks.count - 1].reserveCapacity(Self.chunk)
      }
      chunks[chunks.count - 1].append(entry)
      count += 1
    }

    /// Sorts the nodes into a table; of two rules for one name the first counts.
    ///
    /// - Parameter combine: makes one rule of two for the same name, or counts the second as left
    ///   out and returns nil.
    mutating func finish(
      combine: (PolicyRule, PolicyRule) -> PolicyRule?
    ) -> NameTable {
      guard count > 0 else { return NameTable() }
      let bucketCount = max(1, count / NameTable.nodesPerBucket)
      var starts = [UInt32](repeating: 0, count: bucketCount + 1)
      for chunk in chunks {
        for entry in chunk { starts[NameTable.bucket(entry.low, of: bucketCount) + 1] += 1 }
      }
      for bucket in 0..<bucketCount { starts[bucket + 1] += starts[bucket] }
      var next = starts
      var fingerprints = [UInt64](repeating: 0, count: count)
      var nodes = [Node](
        repeating: Node(exact: .none, below: .none), count: count)
      for index in chunks.indices {
        for entry in chunks[index] {
          let bucket = NameTable.bucket(entry.low, of: bucketCount)
          let place = Int(next[bucket])
          next[bucket] += 1
          fingerprints[place] = entry.high
          nodes[place] = entry.node
        }
        chunks[index] = []
      }
      chunks = []
      return Self.compact(&starts, &fingerprints, &nodes, depths, combine)
    }

    /// Joins the entries of equal names within each bucket and closes the gaps.
    private static func compact(
      _ starts: inout [UInt32], _ fingerprints: inout [UInt64], _ nodes: inout [Node],
      _ depths: UInt64, _ combine: (PolicyRule, PolicyRule) -> PolicyRule?
    ) -> NameTable {
      var used = 0
      var ruleCount = 0
      var from = 0
      for bucket in 0..<(starts.count - 1) {
        let end = Int(starts[bucket + 1])
        let first = used
        starts[bucket] = UInt32(first)
        while from < end {
          let fingerprint = fingerprints[from]
          let node = nodes[from]
          from += 1
          var place = first
          while place < used, fingerprints[place] != fingerprint { place += 1 }
          if place < used {
            nodes[place].exact = join(nodes[place].exact, node.exact, combine)
            nodes[place].below = join(nodes[place].below, node.below, combine)
          } else {
            fingerprints[used] = fingerprint
            nodes[used] = node
            used += 1
          }
        }
      }
      starts[starts.count - 1] = UInt32(used)
      var rules = [UInt32]()
      rules.reserveCapacity(used)
      var pairs: [Node] = []
      for index in 0..<used {
        let node = nodes[index]
        ruleCount += (node.exact == .none ? 0 : 1) + (node.below == .none ? 0 : 1)
        if node.exact.rawValue < 0x8000, node.below.rawValue <= 0xFFFF {
          rules.append(node.exact.rawValue << 16 | node.below.rawValue)
        } else {
          rules.append(NameTable.isPair | UInt32(truncatingIfNeeded: pairs.count))
          pairs.append(node)
        }
      }
      return NameTable(
        starts: starts, fingerprints: Array(fingerprints[..<used]), rules: rules, pairs: pairs,
        depths: depths, ruleCount: ruleCount)
    }

    private static func join(
      _ first: PolicyRule, _ second: PolicyRule, _ combine: (PolicyRule, PolicyRule) -> PolicyRule?
    ) -> PolicyRule {
      if second == .none { return first }
      return first == .none ? second : combine(first, second) ?? first
    }
  }
}
