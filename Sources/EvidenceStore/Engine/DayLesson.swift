import Evidence
import HitLog

/// What one day teaches about names: who asked for which, counted, and the clients forgotten.
///
/// Goes through the day's stored hits once the day is over, a piece at a time. Nothing of it is
/// stored before the end: a restart in the middle begins again.
struct DayLesson {
  /// Days since 1970 of the day.
  let day: Int64
  private var sketch = DaySketch()
  private var names: [UInt64: NameNote] = [:]
  /// Rows still to be looked at.
  private var rest: ClosedRange<Int64>?

  /// Names of one day that are looked at; further ones are left out.
  private static let namesLimit = 200_000
  /// Hits looked at in one piece.
  private static let piece = 4096

  /// What is needed of a name to judge it.
  private struct NameNote {
    /// The listed name, wire form, lower case.
    var wire: [UInt8]
    var family: String
    /// Tells the list it belongs to from others.
    var list: UInt64
    var ordinal: UInt32?
    var endsWalk: Bool
  }

  /// Prepares the lesson of a day; nil when no hit of it is stored.
  init?(day: Int64, tail: HitTail) throws(HitStorageError) {
    let length = UTCTime.secondsPerDay * UTCTime.microsecondsPerSecond
    guard let span = try tail.span(from: day * length, to: (day + 1) * length) else { return nil }
    self.day = day
    rest = span
  }

  /// Looks at a piece of the day; true when it is through.
  mutating func advance(_ tail: HitTail, _ options: EvidenceOptions) throws(HitStorageError) -> Bool
  {
    guard let range = rest else { return true }
    let rows = try tail.rows(after: range.lowerBound - 1, limit: Self.piece)
    for hit in rows where hit.id <= range.upperBound {
      guard UTCTime.dayNumber(microseconds: hit.firstMicroseconds) == day else { continue }
      add(hit, options)
    }
    guard let last = rows.last, last.id < range.upperBound else {
      rest = nil
      return true
    }
    rest = (last.id + 1)...range.upperBound
    return false
  }

  private mutating func add(_ hit: HitRow, _ options: EvidenceOptions) {
    let standing = options.suspects.standing(of: hit)
    // A NAT or forwarder is many clients: what it asks for tells nothing of one.
    guard standing.scope == .line, let match = hit.matches.first,
      match.provenance.kind != .unknown
    else { return }
    let wire = ListedName.wire(of: hit)
    let key = ListedName.key(wire)
    let seconds = hit.firstMicroseconds / UTCTime.microsecondsPerSecond
    let grace = options.parameters.foldRules(family: match.provenance.family).grace
    let isInside = hit.matches.contains {
      $0.provenance.isValid(at: seconds, grace: grace / UTCTime.microsecondsPerSecond)
    }
    // Swift's hash is keyed with a secret of this process, which nobody keeps.
    let client = UInt64(bitPattern: Int64(standing.suspect.hashValue))
    sketch.add(client: client, name: key, isInside: isInside, isKnown: false)
    guard names[key] == nil, names.count < Self.namesLimit else { return }
    names[key] = NameNote(
      wire: wire, family: match.provenance.family, list: Self.list(match.provenance),
      ordinal: match.ordinal, endsWalk: hit.action == .sinkhole)
  }

  private static func list(_ provenance: Provenance) -> UInt64 {
    let text =
      "\(provenance.family)/\(provenance.variant)/\(provenance.seed)/\(provenance.validFrom ?? 0)"
    return ListedName.key(text.utf8)
  }

  // MARK: - What was learned

  /// Stores the counts, and quarantines names that drew many unlikely clients.
  ///
  /// - Returns: names put into quarantine.
  func conclude(
    _ database: EvidenceDatabase, _ options: EvidenceOptions, now: Int64
  ) throws(HitStorageError) -> Int {
    let counts = sketch.counts()
    return try database.transaction { () throws(HitStorageError) in
      let outside = counts.filter { $0.value.outside > 0 }
      try database.addBenign(
        outside.mapValues { $0.outside }, clients: UInt64(options.clientsPerDay))
      var found = 0
      let parameters = options.parameters.quarantine
      for siblings in candidates(counts).values {
        let findings = Quarantine.find(
          siblings, pool: siblings.count, parameters: parameters)
        for finding in findings {
          guard let note = names[finding.name] else { continue }
          try database.quarantine(finding, wire: note.wire, family: note.family, since: now)
          found += 1
        }
      }
      try database.set("learned-day", day)
      try database.raiseBenignVersion()
      return found
    }
  }

  private func candidates(
    _ counts: [UInt64: DaySketch.NameCounts]
  ) -> [UInt64: [Quarantine.Candidate]] {
    var lists: [UInt64: [Quarantine.Candidate]] = [:]
    for (key, note) in names {
      let clients = counts[key].map { $0.inside + $0.outside } ?? 0
      lists[note.list, default: []].append(
        Quarantine.Candidate(
          name: key, clients: clients, ordinal: note.ordinal,
          endsWalk: note.endsWalk))
    }
    return lists
  }
}

extension Provenance {
  /// Whether an instant lies within the validity, widened by a grace; both in seconds.
  func isValid(at seconds: Int64, grace: Int64) -> Bool {
    (validFrom.map { seconds >= $0 - grace } ?? true)
      && (validTo.map { seconds < $0 + grace } ?? true)
  }
}

extension EvidenceDatabase {
  /// Adds the clients of one day that asked for names outside their validity.
  func addBenign(_ counts: [UInt64: UInt64], clients: UInt64) throws(HitStorageError) {
    // Names that were counted before and not asked for today count as well: nobody wanted them.
    try run(
      "UPDATE benign SET client_days = client_days + ? WHERE client_days > 0", Int64(clients))
    let put = try statement(
      """
      INSERT INTO benign VALUES (?1, ?2, ?3, NULL, 0) ON CONFLICT (key)
      DO UPDATE SET clients = clients + ?2,
        client_days = CASE WHEN client_days > 0 THEN client_days ELSE ?3 END
      """)
    for (key, count) in counts {
      put.bind(1, Int64(bitPattern: key))
      put.bind(2, Int64(clamping: count))
      put.bind(3, Int64(clients))
      try put.run()
    }
  }

  /// Puts a name into quarantine, unless somebody has just taken it out.
  func quarantine(
    _ finding: Quarantine.Finding, wire: [UInt8], family: String, since: Int64
  ) throws(HitStorageError) {
    let put = try statement("INSERT OR IGNORE INTO quarantine VALUES (?,?,?,?,?,?)")
    put.bind(1, Int64(bitPattern: finding.name))
    put.bind(2, NameText.presentation(wire, lowercased: true))
    put.bind(3, family)
    put.bind(4, since)
    put.bind(5, Int64(clamping: finding.clients))
    put.bind(
      6,
      "drew \(finding.clients) clients that asked for no other name; its siblings draw "
        + "\(Int(finding.usual.rounded(.up))) or fewer")
    try put.run()
  }
}
