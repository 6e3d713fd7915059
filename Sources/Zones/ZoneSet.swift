package import DNSWire

/// The zones that are served: an immutable snapshot, replaced as a whole.
package final class ZoneSet: Sendable {
  /// A loaded zone and what it was made from.
  private struct Entry: Sendable {
    var source: ZoneSource
    var zone: LoadedZone
    /// The file and all that it includes, as they were when the zone was read.
    var stamps: [FileStamp]
    var isFormerVersion = false
  }

  /// What was read, or could not be, for each source.
  private struct Attempt: Sendable {
    var source: ZoneSource
    var stamps: [FileStamp]
  }

  private let entries: [Entry]
  private let attempts: [Attempt]
  private let index: ApexIndex

  /// A set without zones.
  package static let empty = ZoneSet(entries: [], attempts: [])

  private init(entries: [Entry], attempts: [Attempt]) {
    self.entries = entries
    self.attempts = attempts
    index = ApexIndex(entries.map(\.zone))
  }

  /// Whether there is no zone.
  package var isEmpty: Bool { entries.isEmpty }

  // MARK: - Queries

  /// Answers from the closest enclosing zone.
  ///
  /// Runs on the query thread: no allocation, no lock. Records are written at the writer's
  /// position, which stands right behind the question, so that the name asked for is at offset 12.
  /// The writer's limit is the size the answer may have. Of what is required only whole RRsets are
  /// written, and TC says when one did not fit.
  ///
  /// - Returns: what was written; nil, and nothing written, when no zone encloses the name.
  package func answer(
    _ request: borrowing Request, into writer: inout WireWriter
  ) -> ZoneAnswer? {
    guard !entries.isEmpty else { return nil }
    guard var zone = index.closest(request.qname, maximumLabels: request.qname.labelCount) else {
      return nil
    }
    // A cut between two own zones: DS belongs to the parent's side (RFC 4035 §3.1.4.1).
    if request.qtype == .ds, zone.data.apexLabels == request.qname.labelCount,
      zone.data.apexLabels > 0,
      let parent = index.closest(request.qname, maximumLabels: zone.data.apexLabels - 1)
    {
      zone = parent
    }
    if zone.isUnavailable { return .unavailable }
    return zone.data.answer(request, into: &writer)
  }

  /// Whether the name is inside any own zone.
  package func contains(_ qname: borrowing NameBuffer) -> Bool {
    guard !entries.isEmpty else { return false }
    return index.closest(qname, maximumLabels: qname.labelCount) != nil
  }

  func loadedZone(_ apex: Name) -> LoadedZone? {
    entries.first { $0.zone.data.apex == apex }?.zone
  }

  // MARK: - Status

  /// What is served, in the order of the configuration.
  package var summaries: [ZoneSummary] {
    entries.filter { !$0.zone.isUnavailable }.map { entry in
      ZoneSummary(
        name: entry.zone.data.apex, path: entry.source.path, serial: entry.zone.data.serial,
        recordCount: entry.zone.data.recordCount, isSigned: entry.zone.data.isSigned,
        modified: entry.stamps.first?.identity?.modified.seconds,
        isFormerVersion: entry.isFormerVersion)
    }
  }

  // MARK: - Loading

  /// Whether `load` would read something: another list of zones, or a file that is not as it was,
  /// by device, inode, size and times.
  package func needsReload(_ sources: [ZoneSource]) -> Bool {
    guard sources == attempts.map(\.source) else { return true }
    return attempts.contains { !Self.areCurrent($0.stamps) }
  }

  private static func areCurrent(_ stamps: [FileStamp]) -> Bool {
    stamps.allSatisfy { $0 == FileStamp(path: $0.path) }
  }

  /// Loads all zones; not for query threads.
  ///
  /// A zone whose files are unchanged is taken over from `previous`; one that cannot be loaded
  /// keeps its former version, if there is one, and is reported.
  package static func load(
    _ sources: [ZoneSource], previous: ZoneSet?
  ) -> (set: ZoneSet, errors: [ZoneLoadError]) {
    var entries: [Entry] = []
    var attempts: [Attempt] = []
    var errors: [ZoneLoadError] = []
    for source in sources {
      guard !entries.contains(where: { $0.zone.data.apex == source.name }) else {
        errors.append(
          ZoneLoadError(
            zone: source.name, file: source.path, line: nil, problem: "the zone is listed twice",
            advice: "keep one entry"))
        attempts.append(Attempt(source: source, stamps: []))
        continue
      }
      if source.isExpired {
        append(source, [], ZoneLoader.placeholder(source.name), to: &entries)
        attempts.append(Attempt(source: source, stamps: []))
        continue
      }
      let former = previous?.entries.first { $0.source.name == source.name }
      if let former, former.source == source, areCurrent(former.stamps) {
        entries.append(Entry(source: source, zone: former.zone, stamps: former.stamps))
        attempts.append(Attempt(source: source, stamps: former.stamps))
        continue
      }
      let result = ZoneLoader.load(source)
      attempts.append(Attempt(source: source, stamps: result.stamps))
      errors += result.errors
      if let zone = result.zone {
        entries.append(Entry(source: source, zone: zone, stamps: result.stamps))
      } else if var former, !former.zone.isUnavailable {
        former.isFormerVersion = true
        entries.append(former)
      } else if source.format == .records {
        append(source, [], ZoneLoader.placeholder(source.name), to: &entries)
      }
    }
    return (ZoneSet(entries: entries, attempts: attempts), errors)
  }

  private static func append(
    _ source: ZoneSource, _ stamps: [FileStamp], _ zone: LoadedZone?, to entries: inout [Entry]
  ) {
    guard let zone else { return }
    entries.append(Entry(source: source, zone: zone, stamps: stamps))
  }
}
