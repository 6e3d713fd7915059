/// What is kept of one suspect over all families: which of them it asked for lately.
///
/// Bounded like `EpisodeState`, folded in the same way.
package struct ClientState: Equatable, Sendable {
  /// Generators asked for, the newest at most `maximumGenerators`.
  package internal(set) var generators: [GeneratorSeen] = []
  /// Most distinct generators within the window, of all lookups.
  package internal(set) var peak = Peak()
  /// The same of verified lookups.
  package internal(set) var verifiedPeak = Peak()
  /// `ListedName.key` of the first listed name ever asked for; nil = none.
  package internal(set) var firstName: UInt64?
  /// Whether the client asked for a second name.
  package internal(set) var hasSeveralNames = false

  /// A generator that was asked for.
  package struct GeneratorSeen: Equatable, Sendable {
    /// `ListedName.key` of family, variant and seed.
    package internal(set) var key: UInt64
    /// Last lookup, microseconds since 1970.
    package internal(set) var last: Int64
    /// Last verified lookup, microseconds since 1970; nil = none.
    package internal(set) var lastVerified: Int64?
  }

  /// The most generators there were within the window, and when.
  package struct Peak: Equatable, Sendable {
    /// How many.
    package internal(set) var generators: UInt32 = 0
    /// When, microseconds since 1970.
    package internal(set) var time: Int64 = 0

    /// A peak older than a new time by `memory` is forgotten.
    mutating func update(_ count: Int, at time: Int64, memory: Int64) {
      guard count >= Int(generators) || time &- self.time > memory else { return }
      generators = UInt32(clamping: count)
      self.time = max(self.time, time)
    }
  }

  /// Generators kept: the breadth says nothing more from 50 on.
  package static let maximumGenerators = 64
  /// How long a peak is held against a suspect, in windows: a week of days.
  static let peakMemory: Int64 = 7

  /// Nothing is known yet.
  package init() {}

  /// Folds the lookups of one hit in.
  ///
  /// A name that several generators make counts for those already seen; only if there are none, for
  /// the first: a shared name must not look like two families.
  package mutating func add(_ hit: HitRow, rules: FoldRules) {
    guard hit.action != .colliding else { return }
    noteName(ListedName.key(ListedName.wire(of: hit)))
    let keys = hit.matches.filter { $0.provenance.kind != .unknown }
      .map { Self.key(of: $0.provenance) }
    guard let first = keys.first else { return }
    let known = keys.filter { key in generators.contains { $0.key == key } }
    for key in known.isEmpty ? [first] : known { touch(key, hit) }
    updatePeaks(at: hit.lastMicroseconds, rules: rules)
  }

  private mutating func noteName(_ key: UInt64) {
    if let firstName, firstName != key { hasSeveralNames = true }
    firstName = firstName ?? key
  }

  private static func key(of provenance: Provenance) -> UInt64 {
    let text = provenance.family + "/" + provenance.variant + "/" + provenance.seed
    return ListedName.key(text.utf8)
  }

  private mutating func touch(_ key: UInt64, _ hit: HitRow) {
    let verified = hit.isVerified ? hit.lastMicroseconds : nil
    if let at = generators.firstIndex(where: { $0.key == key }) {
      generators[at].last = max(generators[at].last, hit.lastMicroseconds)
      if let verified {
        generators[at].lastVerified = max(generators[at].lastVerified ?? .min, verified)
      }
      return
    }
    if generators.count == Self.maximumGenerators,
      let oldest = generators.indices.min(by: { generators[$0].last < generators[$1].last })
    {
      generators.remove(at: oldest)
    }
    generators.append(
      GeneratorSeen(key: key, last: hit.lastMicroseconds, lastVerified: verified))
  }

  private mutating func updatePeaks(at time: Int64, rules: FoldRules) {
    let since = time &- rules.breadthWindow
    let memory = rules.breadthWindow.multipliedReportingOverflow(by: Self.peakMemory).partialValue
    peak.update(generators.count { $0.last > since }, at: time, memory: memory)
    let verified = generators.count { ($0.lastVerified ?? .min) > since }
    if verified > 0 { verifiedPeak.update(verified, at: time, memory: memory) }
  }
}

// MARK: - Reading

extension ClientState {
  /// Distinct families and seeds within a window, at the time they were most; at least 1.
  ///
  /// A peak is forgotten a week of windows after it.
  package func breadth(at instant: Int64, verifiedOnly: Bool, rules: FoldRules) -> Int {
    let peak = verifiedOnly ? verifiedPeak : self.peak
    let memory = rules.breadthWindow.multipliedReportingOverflow(by: Self.peakMemory).partialValue
    return instant &- peak.time > memory ? 1 : max(1, Int(peak.generators))
  }

  /// Distinct families and seeds within a week of windows.
  package func variety(at instant: Int64, verifiedOnly: Bool, rules: FoldRules) -> Int {
    let memory = rules.breadthWindow.multipliedReportingOverflow(by: Self.peakMemory).partialValue
    let since = instant.subtractingReportingOverflow(memory)
    guard !since.overflow else { return generators.count }
    return generators.count {
      (verifiedOnly ? $0.lastVerified ?? .min : $0.last) > since.partialValue
    }
  }
}

// MARK: - Binary form

/// Version 1: the version, then every property in the order of declaration.
extension ClientState {
  private static let version: UInt8 = 1

  /// The state as octets.
  package func encoded() -> [UInt8] {
    var writer = StateWriter()
    writer.octet(Self.version)
    writer.list(generators) {
      $0.number($1.key)
      $0.signed($1.last)
      $0.optional($1.lastVerified, from: $1.last)
    }
    for peak in [peak, verifiedPeak] {
      writer.number(UInt64(peak.generators))
      writer.signed(peak.time)
    }
    writer.optional(firstName.map { Int64(bitPattern: $0) })
    writer.flag(hasSeveralNames)
    return writer.octets
  }

  /// The state that octets stand for; nil when they are not what `encoded()` makes.
  package init?(decoding octets: [UInt8]) {
    var reader = StateReader(octets)
    do {
      guard try reader.octet() == Self.version else { return nil }
      generators = try reader.list(atMost: Self.maximumGenerators) {
        (inner) throws(StateReader.Malformed) in
        let key = try inner.number()
        let last = try inner.signed()
        return GeneratorSeen(key: key, last: last, lastVerified: try inner.optional(from: last))
      }
      peak = Peak(generators: try reader.number32(), time: try reader.signed())
      verifiedPeak = Peak(generators: try reader.number32(), time: try reader.signed())
      firstName = try reader.optional().map { UInt64(bitPattern: $0) }
      hasSeveralNames = try reader.flag()
    } catch {
      return nil
    }
    guard reader.isAtEnd else { return nil }
  }
}
