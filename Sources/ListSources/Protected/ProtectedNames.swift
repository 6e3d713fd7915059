/// Names that must never be swallowed, and the test every listed name passes before publication.
///
/// A sinkholed name takes everything below it along, so a candidate collides with a protected name
/// when it is that name, lies below it, or lies above it: `com`, `google.com` and `www.google.com`
/// all collide with `google.com`. Below a *shared suffix* (`co.uk`, `ddns.net`), strangers register
/// names of their own: there only the suffix itself and what lies above it collide.
///
/// A look-up walks the labels from the right and probes one hash table per label: no allocation,
/// millions a second. Names are compared octet by octet, so a crafted hash proves nothing.
package struct ProtectedNames: Sendable {
  /// How a name is protected.
  package enum Scope: Sendable, Hashable {
    /// The name, everything below and everything above it.
    case tree
    /// The name and everything above it: others register names below it.
    case sharedSuffix
  }

  /// Why a candidate must not be swallowed.
  package struct Reason: Sendable, Hashable {
    /// How the candidate and the protected name relate.
    package enum Relation: Sendable, Hashable {
      /// One label or none: a top-level domain.
      case topLevel
      /// The candidate is a shared suffix.
      case sharedSuffix
      /// The candidate is the protected name.
      case equal
      /// The candidate lies below the protected name.
      case below
      /// The candidate lies above a protected name, which would be swallowed with it.
      case above
    }

    /// How the two relate.
    package var relation: Relation
    /// The protected name met; for `above` the candidate itself.
    package var name: String
  }

  // What stands for a name in the table; one name may be several.
  private static let isTree: UInt8 = 1
  private static let isSuffix: UInt8 = 2
  private static let isAncestor: UInt8 = 4

  private struct Entry {
    var hash: UInt64
    var start: Int32
    var count: UInt8
    var flags: UInt8
  }

  private var entries: [Entry] = []
  /// The names of all entries, one after the other.
  private var text: [UInt8] = []
  /// Open addressing: entry number + 1, 0 for free; a power of two, at most half full.
  private var slots = [Int32](repeating: 0, count: 1024)

  /// Names that are protected as such; their ancestors are not counted.
  package private(set) var count = 0

  /// An empty list: only top-level domains collide.
  package init() {}

  /// The built-in list.
  package static let builtIn: ProtectedNames = {
    var names = ProtectedNames()
    for group in protectedGroups { for name in group.names { names.insert(name, group.scope) } }
    return names
  }()

  // MARK: - Building

  /// Protects a name; throws when it is none.
  ///
  /// A single label is accepted here: an operator may protect all of `lan`.
  package mutating func insert(_ name: Span<UInt8>, _ scope: Scope = .tree) throws(NameText.Flaw) {
    var folded: [UInt8] = []
    try NameText.fold(name, into: &folded)
    if add(folded[...], scope == .tree ? Self.isTree : Self.isSuffix) { count += 1 }
    var rest = folded[...]
    while let dot = rest.firstIndex(of: UInt8(ascii: ".")) {
      rest = rest[(dot + 1)...]
      _ = add(rest, Self.isAncestor)
    }
  }

  /// Protects a name given as text; false when it is none.
  @discardableResult
  package mutating func insert(_ name: String, _ scope: Scope = .tree) -> Bool {
    do throws(NameText.Flaw) {
      try insert(Array(name.utf8).span, scope)
      return true
    } catch {
      return false
    }
  }

  /// Sets a flag of a name; false when it was set before.
  private mutating func add(_ name: ArraySlice<UInt8>, _ flag: UInt8) -> Bool {
    let hash = name.reversed().reduce(Self.start) { Self.step($0, $1) }
    var slot = Self.slot(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) - 1
      if entries[index].hash == hash, text[range(entries[index])] == name {
        defer { entries[index].flags |= flag }
        return entries[index].flags & flag == 0
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    entries.append(
      Entry(hash: hash, start: Int32(text.count), count: UInt8(name.count), flags: flag))
    text += name
    slots[slot] = Int32(entries.count)
    if entries.count * 2 > slots.count { grow() }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for (index, entry) in entries.enumerated() {
      var slot = Self.slot(entry.hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(index + 1)
    }
  }

  // MARK: - Looking up

  /// Why this name must not be swallowed; nil when it may be.
  ///
  /// - Parameter name: a name in text form, any letter case, with or without trailing dot.
  package func collides(_ name: Span<UInt8>) -> Reason? {
    var end = name.count
    if end > 0, name[end - 1] == UInt8(ascii: ".") { end -= 1 }
    var hash = Self.start
    var labels = 1
    var index = end
    while index > 0 {
      index -= 1
      let octet = Self.lowercase(name[index])
      if octet == UInt8(ascii: ".") {
        labels += 1
        // What lies right of this dot is an ancestor of the candidate.
        if flags(name, index + 1, end, hash) & Self.isTree != 0 {
          return Reason(relation: .below, name: string(name, index + 1, end))
        }
      }
      hash = Self.step(hash, octet)
    }
    let flags = flags(name, 0, end, hash)
    let relation: Reason.Relation
    if flags & Self.isTree != 0 {
      relation = .equal
    } else if labels < 2 {
      relation = .topLevel
    } else if flags & Self.isSuffix != 0 {
      relation = .sharedSuffix
    } else if flags & Self.isAncestor != 0 {
      relation = .above
    } else {
      return nil
    }
    return Reason(relation: relation, name: string(name, 0, end))
  }

  /// `collides` for bytes in an array.
  package func collides(_ name: [UInt8]) -> Reason? { collides(name.span) }

  /// The flags of the part of `name` from `start` to `end`, whose hash is `hash`; 0 if unknown.
  private func flags(_ name: Span<UInt8>, _ start: Int, _ end: Int, _ hash: UInt64) -> UInt8 {
    var slot = Self.slot(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if entry.hash == hash, isEqual(entry, name, start, end) { return entry.flags }
      slot = (slot + 1) & (slots.count - 1)
    }
    return 0
  }

  private func isEqual(_ entry: Entry, _ name: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard end - start == Int(entry.count) else { return false }
    var offset = Int(entry.start)
    for index in start..<end {
      guard text[offset] == Self.lowercase(name[index]) else { return false }
      offset += 1
    }
    return true
  }

  private func range(_ entry: Entry) -> Range<Int> {
    Int(entry.start)..<(Int(entry.start) + Int(entry.count))
  }

  private func string(_ name: Span<UInt8>, _ start: Int, _ end: Int) -> String {
    String(decoding: (start..<end).map { Self.lowercase(name[$0]) }, as: UTF8.self)
  }

  // MARK: - Hashing

  // FNV-1a over the name from its end, so that each suffix's hash comes for free.
  private static let start: UInt64 = 0xCBF2_9CE4_8422_2325

  @inline(__always)
  private static func step(_ hash: UInt64, _ octet: UInt8) -> UInt64 {
    (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01B3
  }

  @inline(__always)
  private static func slot(_ hash: UInt64) -> Int {
    Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
  }

  @inline(__always)
  private static func lowercase(_ octet: UInt8) -> UInt8 {
    octet >= 0x41 && octet <= 0x5A ? octet | 0x20 : octet
  }
}

extension ProtectedNames.Reason: CustomStringConvertible {
  /// The reason as it follows the candidate: "lies below the protected name google.com".
  package var description: String {
    switch relation {
    case .topLevel: "is a top-level domain"
    case .sharedSuffix: "is a suffix many parties share"
    case .equal: "is the protected name \(name)"
    case .below: "lies below the protected name \(name)"
    case .above: "lies above a protected name"
    }
  }
}
