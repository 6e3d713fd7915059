import DeliveryRules
import Evidence

/// Sinks that hand over one document per UTC day.
extension SinkRunner {
  /// Collects what is new in the feed, then publishes a day that is over.
  func stepDays(_ sink: any DaySink, _ state: SinkState, now: Int64) throws -> Next {
    var state = state
    if try collectWanted(&state, now: now) { return .again }
    if try collect(&state, now: now) { return .again }
    let open = UTCTime.day(microseconds: now - plan.settle)
    guard let day = try store.days(of: state.id, before: open).first else { return .idle }
    return try publish(day, sink, &state, now: now)
  }

  /// Publishes all days, also those that are not over: what is known later makes further parts.
  ///
  /// - Returns: whether anything is left.
  package func closeDays(now: Int64) throws -> Bool {
    guard case .days(let make) = plan.target else { return false }
    guard var state = try store.state(plan.name), state.disabled == nil else { return false }
    let sink = try make()
    while try collect(&state, now: now) {}
    for day in try store.days(of: state.id, before: "9999-99-99") {
      if case .at = try publish(day, sink, &state, now: now) { return true }
    }
    return false
  }

  /// Takes a batch from the feed; false when there was nothing.
  private func collect(_ state: inout SinkState, now: Int64) throws -> Bool {
    let entries = try feed.entries(after: state.cursor, limit: Self.batch)
    guard let last = entries.last else { return false }
    var change = StoreChange()
    var waiting: [String: FeedEntry] = [:]
    for entry in entries {
      let id = entry.record.id
      let told = try store.told(id, sink: state.id)
      let isWaiting = try waiting[id] != nil || store.isPending(id, sink: state.id)
      switch fate(entry, state, told: told, isWaiting: isWaiting) {
      case .wait: waiting[id] = entry
      case .skip(let reason): change.skipped[reason.rawValue, default: 0] += 1
      case .drop:
        waiting[id] = nil
        change.dropped.append(id)
        change.skipped[SkipReason.neverTold.rawValue, default: 0] += 1
      }
    }
    change.pending = waiting.values.map { entry in
      (entry.record.id, entry.record.day, entry.record.revision, entry.sequence)
    }
    // A record that waits again after it was dropped must not be dropped with it.
    change.dropped.removeAll { waiting[$0] != nil }
    state.cursor = last.sequence
    try store.commit(state, change, now: now)
    return true
  }

  /// Has dead letters somebody wants to be tried again wait for the next document of their day.
  private func collectWanted(_ state: inout SinkState, now: Int64) throws -> Bool {
    let letters = try store.wantedLetters(of: state.id, limit: Self.batch)
    guard !letters.isEmpty else { return false }
    var change = StoreChange()
    for letter in letters {
      change.revived.append(letter.sequence)
      guard let entry = try feed.entries(after: letter.sequence - 1, limit: 1).first,
        entry.sequence == letter.sequence
      else {
        change.skipped[SkipReason.erased.rawValue, default: 0] += 1
        continue
      }
      change.pending.append(
        (entry.record.id, entry.record.day, entry.record.revision, entry.sequence))
    }
    try store.commit(state, change, now: now)
    return true
  }

  private enum Fate {
    case wait
    case skip(SkipReason)
    case drop
  }

  private func fate(
    _ entry: FeedEntry, _ state: SinkState, told: Int?, isWaiting: Bool
  ) -> Fate {
    if told == nil, isWaiting {
      // Nobody has seen it yet: the later revision stands for it, or it goes unsaid.
      return entry.record.change == .withdrawn ? .drop : .wait
    }
    switch plan.decide(entry, oldest: plan.oldest(entry, state), told: told) {
    case .skip(let reason): return .skip(reason)
    case .send(let record): return record.change == .closed ? .skip(.noNews) : .wait
    }
  }

  // MARK: - Publishing

  private func publish(
    _ day: String, _ sink: any DaySink, _ state: inout SinkState, now: Int64
  ) throws -> Next {
    let name = DayName(day: day, part: try store.nextPart(of: state.id, day: day))
    var reach: Int64 = 0
    var erased = 0
    do {
      var receipt = try sink.publish(name) { each in
        (reach, erased) = (0, 0)
        try forEachPending(of: day, state, reach: &reach, erased: &erased, each)
      }
      if erased > 0 { receipt.skipped[SkipReason.erased.rawValue, default: 0] += erased }
      state.succeed(receipt.written, now: now)
      if receipt.written > 0 { plan.noteTold(receipt.written) }
      state.nextTry = 0
      try store.published(
        name, upTo: reach, isEmpty: receipt.written == 0, state, skipped: receipt.skipped,
        now: now)
      return .again
    } catch let failure as SendFailure {
      let head = Self.head(day)
      let next = try note(failure, of: head, id: nil, &state, StoreChange(), now: now)
      if case .refused = failure, isExhausted(failure, state, now: now) {
        try store.setAside(day: day, reason: failure.reason, state, now: now)
      }
      return next
    }
  }

  /// A number for the document of a day in place of a sequence: 20261123.
  private static func head(_ day: String) -> Int64 {
    Int64(String(day.filter(\.isNumber))) ?? 1
  }

  private func forEachPending(
    of day: String, _ state: SinkState, reach: inout Int64, erased: inout Int,
    _ each: (InfectionRecord) throws -> Void
  ) throws {
    while true {
      let rows = try store.pending(of: state.id, day: day, after: reach, limit: Self.batch)
      guard !rows.isEmpty else { return }
      for row in rows {
        reach = row.sequence
        guard let entry = try feed.entries(after: row.sequence - 1, limit: 1).first,
          entry.sequence == row.sequence
        else {
          erased += 1
          continue
        }
        guard
          case .send(let record) = plan.decide(
            entry, oldest: nil, told: entry.record.revision - 1)
        else { continue }
        try each(record)
      }
    }
  }
}
