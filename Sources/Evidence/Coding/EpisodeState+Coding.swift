/// The binary form, version 1: the version, then every property in the order of declaration.
///
/// Times of names and walks are distances from the episode's first lookup.
extension EpisodeState {
  private static let version: UInt8 = 1

  /// The state as octets.
  package func encoded() -> [UInt8] {
    var writer = StateWriter()
    writer.octet(Self.version)
    writer.number(UInt64(number))
    writer.optional(closedAt)
    writer.track(all)
    writer.track(verified)
    writer.number(challenged)
    writer.list(names) { $0.name($1, base: all.first) }
    writer.bytes(sketch?.registers ?? [])
    writer.list(generators) { $0.bytes($1.utf8) }
    writer.list(offsets) {
      $0.signed($1.least)
      $0.signed($1.most)
    }
    writer.list(walks.walks) { $0.walk($1, base: all.first) }
    writer.count(walks.mostOverlapping)
    writer.number(UInt64(busiestMinute))
    writer.signed(minute)
    writer.number(UInt64(minuteNames))
    writer.signed(lastHit)
    writer.list(history) {
      $0.signed($1.first)
      $0.signed($1.last)
      $0.signed($1.closedAt)
      $0.number($1.lookups)
      $0.number($1.names)
    }
    return writer.octets
  }

  /// The state that octets stand for; nil when they are not what `encoded()` makes.
  package init?(decoding octets: [UInt8]) {
    var reader = StateReader(octets)
    do {
      self = try Self.read(&reader)
    } catch {
      return nil
    }
    guard reader.isAtEnd else { return nil }
  }

  private static func read(_ reader: inout StateReader) throws(StateReader.Malformed)
    -> EpisodeState
  {
    guard try reader.octet() == version else { throw StateReader.Malformed() }
    var state = EpisodeState()
    state.number = try reader.number32()
    state.closedAt = try reader.optional()
    state.all = try reader.track()
    state.verified = try reader.track()
    state.challenged = try reader.number()
    let base = state.all.first
    state.names = try reader.list(atMost: maximumNames) { (inner) throws(StateReader.Malformed) in
      try inner.name(base: base)
    }
    state.sketch = try reader.sketch()
    state.generators = try reader.list(atMost: maximumGenerators) {
      (inner) throws(StateReader.Malformed) in
      try inner.text(atMost: maximumGeneratorText)
    }
    state.offsets = try reader.list(atMost: maximumOffsets) {
      (inner) throws(StateReader.Malformed) in
      try inner.offset()
    }
    state.walks.walks = try reader.list(atMost: ListWalks.maximum) {
      (inner) throws(StateReader.Malformed) in
      try inner.walk(base: base)
    }
    state.walks.mostOverlapping = try reader.count(atMost: ListWalks.maximum)
    state.busiestMinute = try reader.number32()
    state.minute = try reader.signed()
    state.minuteNames = try reader.number32()
    state.lastHit = try reader.signed()
    state.history = try reader.list(atMost: maximumHistory) {
      (inner) throws(StateReader.Malformed) in
      try inner.pastEpisode()
    }
    guard state.isConsistent else { throw StateReader.Malformed() }
    return state
  }

  /// Whether the places that names and walks hold exist.
  private var isConsistent: Bool {
    names.allSatisfy { name in
      if case .offset(let at) = name.timing, at >= offsets.count { return false }
      return name.generator < generators.count
    } && walks.walks.allSatisfy { $0.generator < generators.count }
  }
}

// MARK: - Parts

extension StateWriter {
  fileprivate mutating func track(_ track: ObservedTrack) {
    number(track.lookups)
    signed(track.first)
    signed(track.last, from: track.first)
    number(UInt64(track.bursts))
    signed(track.burstStart, from: track.first)
    list(track.gaps) { $0.number(UInt64($1)) }
    number(UInt64(track.days))
    signed(track.lastDay)
    number(UInt64(track.ascending))
    number(UInt64(track.pairs))
  }

  fileprivate mutating func name(_ name: NameEvidence, base: Int64) {
    bytes(name.name)
    count(name.generator)
    optional(name.validFrom)
    optional(name.validTo, from: name.validFrom ?? 0)
    optional(name.ordinal.map(Int64.init))
    signed(name.first, from: base)
    signed(name.last, from: name.first)
    optional(name.lastVerified, from: name.first)
    number(name.lookups)
    octet(name.kinds.rawValue)
    switch name.timing {
    case .inside: number(0)
    case .scattered: number(1)
    case .offset(let at): count(at + 2)
    }
  }

  fileprivate mutating func walk(_ walk: ListWalk, base: Int64) {
    count(walk.generator)
    optional(walk.period)
    number(UInt64(walk.firstOrdinal))
    number(UInt64(walk.lastOrdinal))
    signed(walk.start, from: base)
    signed(walk.last, from: walk.start)
    number(UInt64(walk.names))
    flag(walk.isVerified)
    octet(walk.action.rawValue)
  }
}

extension StateReader {
  fileprivate mutating func track() throws(Malformed) -> ObservedTrack {
    var track = ObservedTrack()
    track.lookups = try number()
    track.first = try signed()
    track.last = try signed(from: track.first)
    track.bursts = try number32()
    track.burstStart = try signed(from: track.first)
    track.gaps = try list(atMost: ObservedTrack.maximumGaps) { (inner) throws(Malformed) in
      try inner.number32()
    }
    track.days = try number32()
    track.lastDay = try signed()
    track.ascending = try number32()
    track.pairs = try number32()
    guard track.ascending <= track.pairs else { throw Malformed() }
    return track
  }

  fileprivate mutating func name(base: Int64) throws(Malformed) -> NameEvidence {
    let wire = try bytes(atMost: ListedName.maximumLength)
    let generator = try count(atMost: EpisodeState.maximumGenerators)
    let validFrom = try optional()
    let validTo = try optional(from: validFrom ?? 0)
    let ordinal = try ordinal()
    let first = try signed(from: base)
    let last = try signed(from: first)
    let lastVerified = try optional(from: first)
    let lookups = try number()
    let kinds = Observation.QueryKinds(rawValue: try octet())
    guard Observation.QueryKinds.all.isSuperset(of: kinds) else { throw Malformed() }
    return NameEvidence(
      name: wire, key: ListedName.key(wire), generator: generator, validFrom: validFrom,
      validTo: validTo, ordinal: ordinal, first: first, last: last, lastVerified: lastVerified,
      lookups: lookups, kinds: kinds, timing: try timing())
  }

  private mutating func ordinal() throws(Malformed) -> UInt32? {
    guard let value = try optional() else { return nil }
    guard let ordinal = UInt32(exactly: value) else { throw Malformed() }
    return ordinal
  }

  private mutating func timing() throws(Malformed) -> NameEvidence.Timing {
    switch try count(atMost: EpisodeState.maximumOffsets + 1) {
    case 0: .inside
    case 1: .scattered
    case let value: .offset(value - 2)
    }
  }

  fileprivate mutating func sketch() throws(Malformed) -> DistinctSketch? {
    let registers = try bytes(atMost: DistinctSketch.size)
    guard !registers.isEmpty else { return nil }
    guard let sketch = DistinctSketch(registers: registers) else { throw Malformed() }
    return sketch
  }

  fileprivate mutating func offset() throws(Malformed) -> ClockOffset {
    let least = try signed()
    let most = try signed()
    let limits = -ClockOffset.limit...ClockOffset.limit
    guard limits.contains(least), limits.contains(most), least <= most else { throw Malformed() }
    return ClockOffset(least: least, most: most)
  }

  fileprivate mutating func walk(base: Int64) throws(Malformed) -> ListWalk {
    let generator = try count(atMost: EpisodeState.maximumGenerators)
    let period = try optional()
    let firstOrdinal = try number32()
    let lastOrdinal = try number32()
    let start = try signed(from: base)
    let last = try signed(from: start)
    let names = try number32()
    let isVerified = try flag()
    guard let action = HitAction(rawValue: try octet()) else { throw Malformed() }
    return ListWalk(
      generator: generator, period: period, firstOrdinal: firstOrdinal, lastOrdinal: lastOrdinal,
      start: start, last: last, names: names, isVerified: isVerified, action: action)
  }

  fileprivate mutating func pastEpisode() throws(Malformed) -> EpisodeState.PastEpisode {
    EpisodeState.PastEpisode(
      first: try signed(), last: try signed(), closedAt: try signed(), lookups: try number(),
      names: try number())
  }
}
