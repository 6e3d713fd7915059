package import DNSWire
package import DomainIndex
import Synchronization
package import ZoneRecords

/// A policy zone that others transfer: its newest version, and how the next one is made.
package final class PolicyZone: TransferSource {
  package let apex: Name
  private let state = Mutex(State())

  private struct State {
    var content: PolicyZoneContent?
    /// The highest serial number given out, also by an earlier run.
    var lastSerial: UInt32?
  }

  /// A zone without a version yet.
  package init(apex: Name) { self.apex = apex }

  package func current() -> (any ZoneContent)? { state.withLock { $0.content } }

  /// The newest version and those before it.
  package var newest: PolicyZoneContent? { state.withLock { $0.content } }

  /// What a version is made from.
  package struct Source: Sendable {
    /// The names.
    package var list: NameList
    /// Which of them.
    package var selection: PolicySelection
    /// How they are written.
    package var form: PolicyZoneForm
    /// Unix time at which they must be valid; nil for all.
    package var asOf: Int64?

    /// Puts a source together.
    package init(
      list: NameList, selection: PolicySelection, form: PolicyZoneForm, asOf: Int64? = nil
    ) {
      self.list = list
      self.selection = selection
      self.form = form
      self.asOf = asOf
    }
  }

  /// What came of publishing.
  package struct Outcome: Sendable, Equatable {
    /// Serial number in force.
    package var serial: UInt32
    /// Whether there is a new version.
    package var isNew: Bool
    /// Names listed.
    package var names: Int
    /// Names left out because with the zone's name they would be too long.
    package var tooLong: Int
    /// Records that are no longer there, against the version before; nil without a comparable one.
    package var deleted: Int?
    /// Records that are new.
    package var added: Int?
  }

  /// Makes a version of `source` the newest; the one in force stays when its records are the same.
  ///
  /// Takes about a second for each five million names; not for query threads.
  ///
  /// - Parameters:
  ///   - now: unix time, the serial number of a new version unless the one before is ahead of it.
  ///   - history: how many versions before the newest are kept.
  package func publish(
    _ source: Source, now: Int64, history: Int
  ) throws(PolicyZoneError) -> Outcome {
    let before = newest
    let candidate = PolicyZoneVersion(
      serial: 0, list: source.list, form: source.form,
      treatments: source.selection.treatments(of: source.list.generators), asOf: source.asOf)
    let counts = try Self.count(candidate)
    var outcome = Outcome(
      serial: 0, isNew: true, names: counts.names, tooLong: counts.tooLong)
    var changes = 0
    var older: [PolicyZoneVersion] = []
    if let before, before.version.isComparable(with: candidate) {
      let deleted = try Self.countRecords(in: before.version, notIn: candidate)
      let added = try Self.countRecords(in: candidate, notIn: before.version)
      outcome.deleted = deleted
      outcome.added = added
      changes = deleted + added
      outcome.isNew = changes > 0
      older = before.older
      if outcome.isNew { older = (older + [before.version]).suffix(history) }
    }
    if let last = before?.version, !outcome.isNew {
      outcome.serial = last.serial
      changes = last.changes
    } else {
      let last = state.withLock { $0.lastSerial }
      outcome.serial = Self.serial(after: last, now: UInt32(truncatingIfNeeded: now))
    }
    let version = candidate.renumbered(outcome.serial, changes: changes)
    adopt(PolicyZoneContent(version: version, older: older, recordCount: counts.records))
    return outcome
  }

  private func adopt(_ content: PolicyZoneContent) {
    state.withLock { state in
      state.content = content
      state.lastSerial = content.version.serial
    }
  }

  /// The time when it is ahead of the number before, so that numbers go on after a loss of data_dir.
  static func serial(after last: UInt32?, now: UInt32) -> UInt32 {
    guard let last else { return max(now, 1) }
    return SerialNumber.isNewer(now, than: last) ? max(now, 1) : SerialNumber.next(after: last)
  }

  /// Names of a version, those too long, and records with SOA and NS.
  private static func count(
    _ version: PolicyZoneVersion
  ) throws(PolicyZoneError) -> (names: Int, tooLong: Int, records: Int) {
    let perName = Listing.allCases.map {
      RuleRecords.count(version.form.rules($0), version.form)
    }
    var names = ListedNames(version)
    var count = 0
    var records = 2
    while try names.next() {
      count += 1
      records += perName[Int(names.listing.rawValue) - 1]
    }
    return (count, names.tooLong, records)
  }

  private static func countRecords(
    in version: PolicyZoneVersion, notIn other: PolicyZoneVersion
  ) throws(PolicyZoneError) -> Int {
    var names = DifferingNames(in: version, notIn: other)
    var count = 0
    while try names.next() { count += RuleRecords.count(names.rules, version.form) }
    return count
  }
}

// MARK: - Across a restart

extension PolicyZone {
  /// What is kept of a version, besides its list, so that it can be made again.
  package struct Memo: Sendable, Equatable, Codable {
    /// Serial number.
    package var serial: UInt32
    /// The index generation whose names it has.
    package var generation: UInt64
    /// Unix time at which they are valid.
    package var asOf: Int64?
    /// What is done with each generator, a digit each.
    package var treatments: String
    /// Fingerprint of the form.
    package var form: String
    /// Records that came and went since the version before.
    package var changes: Int
  }

  /// Memos of all versions kept, oldest first.
  package var memos: [Memo] {
    guard let newest else { return [] }
    return (newest.older + [newest.version]).map { version in
      Memo(
        serial: version.serial, generation: version.list.generation, asOf: version.asOf,
        treatments: version.treatments.map { String($0.rawValue) }.joined(),
        form: version.form.fingerprint, changes: version.changes)
    }
  }

  /// Makes the versions of an earlier run known again, before anything is published.
  ///
  /// Versions of another form, or whose list is gone, are left out, and so are all before them: what
  /// remains of them is that the next serial number is higher.
  ///
  /// - Parameters:
  ///   - memos: oldest first.
  ///   - list: the list of a generation, nil if there is none.
  package func restore(
    _ memos: [Memo], form: PolicyZoneForm, list: (UInt64) -> NameList?
  ) throws(PolicyZoneError) {
    let fingerprint = form.fingerprint
    var versions: [PolicyZoneVersion] = []
    for memo in memos {
      guard memo.form == fingerprint, let names = list(memo.generation),
        memo.treatments.count == names.generators.count
      else {
        versions = []
        continue
      }
      let treatments = memo.treatments.map { digit in
        UInt8("\(digit)").flatMap(Treatment.init(rawValue:)) ?? .absent
      }
      versions.append(
        PolicyZoneVersion(
          serial: memo.serial, list: names, form: form, treatments: treatments, asOf: memo.asOf,
          changes: memo.changes))
    }
    state.withLock { $0.lastSerial = memos.last?.serial }
    guard let newest = versions.popLast() else { return }
    let records = try Self.count(newest).records
    adopt(PolicyZoneContent(version: newest, older: versions, recordCount: records))
  }
}
