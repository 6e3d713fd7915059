extension EpisodeState {
  /// Keeps a lookup of a name in detail; tells whether the name was not among those kept.
  mutating func note(
    _ observation: Observation, origin: Observation.Origin, generator: Int, grace: Int64
  ) -> Bool {
    let key = ListedName.key(observation.name)
    let timing = timing(of: origin, at: observation.firstMicroseconds, grace: grace)
    if let at = names.firstIndex(where: { $0.key == key && $0.name == observation.name }) {
      names[at].add(observation, timing: timing)
      return false
    }
    let name = NameEvidence(
      observation, key: key, origin: origin, generator: generator, timing: timing)
    countDistinct(key)
    guard names.count == Self.maximumNames else {
      names.append(name)
      return true
    }
    if let at = names.indices.min(by: { names[$0].isLessWorth(than: names[$1]) }) {
      names[at] = name
    }
    return true
  }

  /// From the first name too many on, distinct names are counted by a sketch.
  private mutating func countDistinct(_ key: UInt64) {
    if sketch == nil, names.count == Self.maximumNames {
      var fresh = DistinctSketch()
      for name in names { fresh.add(name.key) }
      sketch = fresh
    }
    sketch?.add(key)
  }

  /// How the time of a lookup relates to the name's validity; learns clock errors.
  private mutating func timing(
    of origin: Observation.Origin, at time: Int64, grace: Int64
  ) -> NameEvidence.Timing {
    let seconds = time / UTCTime.microsecondsPerSecond
    let range = ClockOffset(validFrom: origin.validFrom, validTo: origin.validTo, at: seconds)
    if range.isInside(grace: grace / UTCTime.microsecondsPerSecond) { return .inside }
    for at in offsets.indices where offsets[at].absorb(range) { return .offset(at) }
    guard offsets.count < Self.maximumOffsets else { return .scattered }
    offsets.append(range)
    return .offset(offsets.count - 1)
  }
}

extension NameEvidence {
  /// The first lookup of a name.
  fileprivate init(
    _ observation: Observation, key: UInt64, origin: Observation.Origin, generator: Int,
    timing: Timing
  ) {
    self.init(
      name: observation.name, key: key, generator: generator, validFrom: origin.validFrom,
      validTo: origin.validTo, ordinal: origin.ordinal, first: observation.firstMicroseconds,
      last: observation.lastMicroseconds,
      lastVerified: observation.isVerified ? observation.lastMicroseconds : nil,
      lookups: observation.count, kinds: observation.kinds, timing: timing)
  }

  fileprivate mutating func add(_ observation: Observation, timing: Timing) {
    first = min(first, observation.firstMicroseconds)
    last = max(last, observation.lastMicroseconds)
    if observation.isVerified {
      lastVerified = max(lastVerified ?? .min, observation.lastMicroseconds)
    }
    let (sum, overflow) = lookups.addingReportingOverflow(observation.count)
    lookups = overflow ? .max : sum
    kinds.formUnion(observation.kinds)
    // Inside is the simplest explanation: a name keeps it.
    if self.timing != .inside { self.timing = timing }
  }

  /// Unverified names make room before verified ones, the longest unseen first: a flood with a
  /// forged source cannot push out what was proved.
  fileprivate func isLessWorth(than other: NameEvidence) -> Bool {
    guard (lastVerified == nil) == (other.lastVerified == nil) else { return lastVerified == nil }
    return (last, key) < (other.last, other.key)
  }
}
