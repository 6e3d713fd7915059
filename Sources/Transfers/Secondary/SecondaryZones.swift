package import DNSWire
import ZoneRecords

/// The time as transfers see it; tests hand in their own.
package struct TransferClock: Sendable {
  /// Seconds since 1970, UTC.
  package var now: @Sendable () -> Int64
  /// Waits so many seconds, or until the task is cancelled.
  package var sleep: @Sendable (Int64) async -> Void

  /// Makes a clock; the default waits in real time.
  package init(
    now: @escaping @Sendable () -> Int64,
    sleep: @escaping @Sendable (Int64) async -> Void = { seconds in
      try? await Task.sleep(for: .seconds(seconds))
    }
  ) {
    self.now = now
    self.sleep = sleep
  }
}

/// What goes on with a secondary zone, for logs and status.
package enum SecondaryEvent: Sendable, Equatable {
  /// A new version stands in the file; records in all, and whether it came as differences.
  case updated(serial: UInt32, records: Int, incremental: Bool, primary: PrimaryServer)
  /// No primary could be asked, with what was wrong with each.
  case failed([String])
  /// The copy is too old to be served.
  case expired
  /// The copy is current again after failures or expiry.
  case recovered
}

/// What the status page says of a secondary zone.
package struct SecondaryStatus: Sendable, Equatable {
  /// The name of the zone.
  package var apex: Name
  /// Version at hand, nil for none.
  package var serial: UInt32?
  /// When the copy was last known to be current, seconds since 1970; nil for never.
  package var checkedAt: Int64?
  /// When it is checked next, seconds since 1970.
  package var nextCheck: Int64
  /// When it expires, seconds since 1970; nil without a copy.
  package var expiry: Int64?
  /// Whether it may not be served any more.
  package var isExpired: Bool
  /// What went wrong in the last check, empty if nothing did.
  package var problems: [String]
}

/// Keeps copies of zones up to date: one task a zone, a few transfers at a time.
package actor SecondaryZones {
  /// Checks a new copy before it takes the old one's place.
  ///
  /// - Returns: what is wrong with it, nil if nothing is.
  package typealias Check = @Sendable (_ apex: Name, _ path: String) async -> String?
  /// Hears what goes on; awaited, so that a new version is in force before the next check.
  package typealias Listener = @Sendable (_ apex: Name, SecondaryEvent) async -> Void

  private struct Entry {
    var zone: SecondaryZone
    var schedule: RefreshSchedule
    var file: RecordFile?
    var problems: [String] = []
    var isExpired = false
    var isChecking = false
    /// Whether a notification came while a check was under way, which may have been too early.
    var isNotified = false
    var nap: Task<Void, Never>?
    var task: Task<Void, Never>?
  }

  /// Where notifications come in; for query threads.
  private let gate: NotifyGate

  private let clock: TransferClock
  private let check: Check
  private let listener: Listener
  private var entries: [Name: Entry] = [:]
  private var transfers = 0
  private var listening: Task<Void, Never>?

  /// No zones yet.
  ///
  /// - Parameter gate: where notifications come in.
  package init(
    gate: NotifyGate, clock: TransferClock, check: @escaping Check, listener: @escaping Listener
  ) {
    self.gate = gate
    self.clock = clock
    self.check = check
    self.listener = listener
  }

  // MARK: - Configuration

  /// Keeps these zones and no others; copies on disk are taken up and checked at once.
  package func configure(_ zones: [SecondaryZone]) {
    if listening == nil { listening = Task { await self.listen() } }
    let wanted = Dictionary(zones.map { ($0.apex, $0) }) { first, _ in first }
    for (apex, entry) in entries where wanted[apex] != entry.zone {
      entry.task?.cancel()
      entry.nap?.cancel()
      entries[apex] = nil
    }
    for (apex, zone) in wanted where entries[apex] == nil { start(apex, zone) }
    gate.setZones(Array(wanted.values))
  }

  private func start(_ apex: Name, _ zone: SecondaryZone) {
    var entry = Entry(zone: zone, schedule: RefreshSchedule(at: clock.now()))
    if let file = try? RecordFile(path: zone.path, apex: apex), let numbers = file.soa.soa {
      entry.file = file
      entry.schedule.restore(numbers, checkedAt: file.checkedAt, at: clock.now())
      entry.isExpired = entry.schedule.isExpired(at: clock.now())
    }
    entry.task = Task { await self.run(apex) }
    entries[apex] = entry
  }

  /// Ends all tasks; copies stay.
  package func stop() {
    gate.setZones([])
    listening?.cancel()
    for entry in entries.values {
      entry.task?.cancel()
      entry.nap?.cancel()
    }
    entries = [:]
  }

  // MARK: - State

  /// What there is to say of each zone, by name.
  package var statuses: [SecondaryStatus] {
    entries.values.map { entry in
      SecondaryStatus(
        apex: entry.zone.apex, serial: entry.file?.serial, checkedAt: entry.schedule.lastGood,
        nextCheck: entry.schedule.next, expiry: entry.schedule.expiry,
        isExpired: entry.isExpired, problems: entry.problems)
    }
    .sorted { "\($0.apex)" < "\($1.apex)" }
  }

  /// Checks a zone at once, as after a notification.
  package func refresh(_ apex: Name) {
    guard entries[apex]?.isChecking == false else {
      entries[apex]?.isNotified = true
      return
    }
    entries[apex]?.schedule.notified(at: clock.now())
    entries[apex]?.nap?.cancel()
  }

  private func listen() async {
    for await apex in gate.notifications { refresh(apex) }
  }

  // MARK: - One zone

  private func run(_ apex: Name) async {
    while !Task.isCancelled, let entry = entries[apex] {
      let now = clock.now()
      if !entry.isExpired, entry.schedule.isExpired(at: now) {
        entries[apex]?.isExpired = true
        await listener(apex, .expired)
      }
      if now >= entry.schedule.next {
        await checkOnce(apex)
        continue
      }
      var wake = entry.schedule.next
      if !entry.isExpired, let expiry = entry.schedule.expiry { wake = min(wake, expiry) }
      await rest(apex, seconds: wake - now)
    }
  }

  /// Sleeps, a minute at most so that a clock that is set does no harm; a notification ends it.
  private func rest(_ apex: Name, seconds: Int64) async {
    let seconds = min(max(seconds, 1), 60)
    let nap = Task { [clock] in await clock.sleep(seconds) }
    entries[apex]?.nap = nap
    await withTaskCancellationHandler {
      await nap.value
    } onCancel: {
      nap.cancel()
    }
  }

  private func checkOnce(_ apex: Name) async {
    while transfers >= TransferLimits.incoming {
      await clock.sleep(1)
      if Task.isCancelled { return }
    }
    guard let entry = entries[apex] else { return }
    transfers += 1
    entries[apex]?.isChecking = true
    entries[apex]?.isNotified = false
    defer {
      transfers -= 1
      entries[apex]?.isChecking = false
      if entries[apex]?.isNotified == true { refresh(apex) }
    }
    entries[apex]?.schedule.began(at: clock.now())
    var problems: [String] = []
    for primary in entry.zone.primaries {
      let problem = await refresh(apex, from: primary, entry)
      guard let problem else { return }
      guard !Task.isCancelled else { return }
      problems.append("\(primary): \(problem)")
    }
    entries[apex]?.schedule.failed(at: clock.now())
    entries[apex]?.problems = problems
    await listener(apex, .failed(problems))
  }

  /// Asks one primary.
  ///
  /// - Returns: what went wrong, nil if all is well.
  private func refresh(
    _ apex: Name, from primary: PrimaryServer, _ entry: Entry
  ) async -> String? {
    let path = entry.zone.path + ".incoming"
    let session = PrimarySession(
      zone: entry.zone, primary: primary, path: path, now: clock.now)
    do throws(TransferFault) {
      switch try await session.refresh(entry.file) {
      case .current:
        try await confirm(apex, entry)
      case .updated(let soa, let records, let incremental):
        try await adopt(apex, entry, path: path)
        let serial = soa.serial ?? 0
        await listener(
          apex,
          .updated(serial: serial, records: records, incremental: incremental, primary: primary))
      }
      return nil
    } catch {
      return error.description
    }
  }

  private func confirm(_ apex: Name, _ entry: Entry) async throws(TransferFault) {
    guard let numbers = entry.file?.soa.soa else { throw .unreadable("no version to keep") }
    RecordFile.noteChecked(path: entry.zone.path, at: clock.now())
    let wasBad = entries[apex]?.isExpired == true || entries[apex]?.problems.isEmpty == false
    entries[apex]?.schedule.succeeded(numbers, at: clock.now())
    entries[apex]?.problems = []
    entries[apex]?.isExpired = false
    if wasBad { await listener(apex, .recovered) }
  }

  /// Puts a new copy into the old one's place if it stands the check.
  private func adopt(_ apex: Name, _ entry: Entry, path: String) async throws(TransferFault) {
    if let problem = await check(apex, path) {
      FileNames.remove(path)
      throw .disorder(problem)
    }
    guard FileNames.move(path, to: entry.zone.path) else {
      throw .storage("\(path) cannot be renamed to \(entry.zone.path)")
    }
    let file: RecordFile
    do throws(RecordFileError) {
      file = try RecordFile(path: entry.zone.path, apex: apex)
    } catch {
      throw .storage(error.description)
    }
    guard let numbers = file.soa.soa else { throw .unreadable("malformed SOA record") }
    // Another configuration may have taken the zone away meanwhile.
    guard entries[apex]?.zone == entry.zone else { return }
    entries[apex]?.file = file
    entries[apex]?.schedule.succeeded(numbers, at: clock.now())
    entries[apex]?.problems = []
    entries[apex]?.isExpired = false
  }
}
