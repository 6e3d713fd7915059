import DeliveryRules
package import Evidence
import Exporters

/// Moves one sink along the feed, a step at a time; used by one thread.
///
/// All that must survive stands in the store and is read anew at each step, so that another process
/// may switch a sink on or ask for dead letters, and a process that is killed at any point repeats
/// at most what its receiver had not confirmed.
package final class SinkRunner {
  /// What to do after a step.
  package enum Next: Equatable, Sendable {
    /// Take another step at once.
    case again
    /// Nothing to do until something new is in the feed.
    case idle
    /// Take another step at this instant, microseconds since 1970.
    case at(Int64)
  }

  /// Entries taken from the feed at a time: what bounds the memory of a sink.
  package static let batch = 64

  let plan: SinkPlan
  let feed: any RecordFeed
  let store: DeliveryStore
  private let chance: () -> Double
  private var sink: Sink?

  private enum Sink {
    case messages(any MessageSink)
    case days(any DaySink)
  }

  /// A runner that has done nothing yet.
  ///
  /// - Parameter chance: 0..<1, anew at each call.
  package init(
    _ plan: SinkPlan, feed: any RecordFeed, store: DeliveryStore,
    chance: @escaping () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.plan = plan
    self.feed = feed
    self.store = store
    self.chance = chance
  }

  /// Makes the sink known to the store.
  package func adopt(now: Int64) throws {
    // Only a new sink asks the feed: one that cannot be read now holds up no other.
    let newest = try store.state(plan.name) == nil ? feed.newestSequence() : 0
    try store.adopt(plan.name, fingerprint: plan.fingerprint, newest: newest, now: now)
  }

  /// Sends what there is.
  ///
  /// - Throws: errors of feed and store; nothing has moved then.
  package func step(now: Int64) throws -> Next {
    guard var state = try store.state(plan.name) else { return .idle }
    guard state.disabled == nil else { return .idle }
    guard plan.schedule.due(state.nextTry, now: now) else { return .at(state.nextTry) }
    if try feed.newestSequence() < state.cursor {
      // The feed was begun anew: its records have ids that receivers know.
      (state.cursor, state.backlogEnd) = (0, 0)
    }
    do {
      switch try open() {
      case .messages(let sink):
        guard case .messages(let format, _) = plan.target else { return .idle }
        return try sendMessages(sink, format, state, now: now)
      case .days(let sink): return try stepDays(sink, state, now: now)
      }
    } catch let failure as SendFailure {
      // The sink could not even be made: a secret that is missing, a folder that is closed.
      return try note(failure, of: state.cursor, id: nil, &state, StoreChange(), now: now)
    }
  }

  private func open() throws -> Sink {
    if let sink { return sink }
    let made: Sink
    switch plan.target {
    case .messages(_, let make): made = .messages(try make())
    case .days(let make): made = .days(try make())
    }
    sink = made
    return made
  }

  // MARK: - Messages

  private func sendMessages(
    _ sink: any MessageSink, _ format: MessageFormat?, _ state: SinkState, now: Int64
  ) throws -> Next {
    var state = state
    if let next = try sendWanted(sink, format, &state, now: now) { return next }
    let entries = try feed.entries(after: state.cursor, limit: Self.batch)
    guard let last = entries.last else { return .idle }
    var change = StoreChange()
    let messages = try prepare(entries, format, &change, state, now: now)
    let outcome =
      messages.isEmpty
      ? SendOutcome(accepted: 0) : sink.send(messages.map(\.message), now: now)
    state.succeed(outcome.accepted, now: now)
    if outcome.accepted > 0 { plan.noteTold(outcome.accepted) }
    change.told = messages.prefix(outcome.accepted).map { ($0.record, $0.revision) }
    guard let failure = outcome.failure, outcome.accepted < messages.count else {
      change.skipped = skips(change, upTo: last.sequence)
      state.cursor = last.sequence
      try store.commit(state, change, now: now)
      return .again
    }
    // Everything before the message that failed is dealt with.
    let failed = messages[outcome.accepted].message
    change.skipped = skips(change, upTo: failed.sequence)
    state.cursor = entries.last { $0.sequence < failed.sequence }?.sequence ?? state.cursor
    return try note(failure, of: failed.sequence, id: failed.id, &state, change, now: now)
  }

  private struct Prepared {
    let message: OutgoingMessage
    let record: String
    let revision: Int
  }

  private var skipsBySequence: [(sequence: Int64, reason: String)] = []

  private func skips(_ change: StoreChange, upTo sequence: Int64) -> [String: Int] {
    skipsBySequence.filter { $0.sequence <= sequence }
      .reduce(into: [:]) { $0[$1.reason, default: 0] += 1 }
  }

  private func prepare(
    _ entries: [FeedEntry], _ format: MessageFormat?, _ change: inout StoreChange,
    _ state: SinkState, now: Int64
  ) throws -> [Prepared] {
    skipsBySequence = []
    // What this batch tells counts for what follows in it.
    var told: [String: Int] = [:]
    var prepared: [Prepared] = []
    for entry in entries {
      let id = entry.record.id
      let before = try told[id] ?? store.told(id, sink: state.id)
      switch message(entry, format, oldest: plan.oldest(entry, state), told: before, now: now) {
      case .skip(let reason): skipsBySequence.append((entry.sequence, reason))
      case .send(let message):
        told[id] = entry.record.revision
        prepared.append(
          Prepared(message: message, record: id, revision: entry.record.revision))
      }
    }
    return prepared
  }

  private enum Made {
    case send(OutgoingMessage)
    case skip(String)
  }

  private func message(
    _ entry: FeedEntry, _ format: MessageFormat?, oldest: Int64?, told: Int?, now: Int64
  ) -> Made {
    switch plan.decide(entry, oldest: oldest, told: told) {
    case .skip(let reason): return .skip(reason.rawValue)
    case .send(let record):
      switch format?.message(record, now: now) ?? .text("") {
      case .skipped(let reason): return .skip(reason)
      case .text(let text):
        return .send(
          OutgoingMessage(
            id: OutgoingMessage.id(of: record), text: SyslogMessage.withoutLineEnd(text),
            eventTime: record.firstMicroseconds, sequence: entry.sequence, record: record))
      }
    }
  }

  /// A dead letter once more: whoever wants it is told, whatever its age and score.
  private func revived(_ entry: FeedEntry, _ format: MessageFormat?, now: Int64) -> Made {
    message(entry, format, oldest: nil, told: entry.record.revision - 1, now: now)
  }

  // MARK: - Dead letters

  /// Sends dead letters somebody wants to be tried again; nil when there are none.
  private func sendWanted(
    _ sink: any MessageSink, _ format: MessageFormat?, _ state: inout SinkState, now: Int64
  ) throws -> Next? {
    guard let letter = try store.wantedLetters(of: state.id, limit: 1).first else { return nil }
    var change = StoreChange()
    let entry = try feed.entries(after: letter.sequence - 1, limit: 1).first
    guard let entry, entry.sequence == letter.sequence,
      case .send(let message) = revived(entry, format, now: now)
    else {
      // It was erased from the feed, or is no longer theirs.
      change.revived = [letter.sequence]
      change.skipped = [SkipReason.erased.rawValue: 1]
      try store.commit(state, change, now: now)
      return .again
    }
    let outcome = sink.send([message], now: now)
    guard let failure = outcome.failure else {
      state.succeed(1, now: now)
      plan.noteTold(1)
      change.revived = [letter.sequence]
      change.told = [(entry.record.id, entry.record.revision)]
      try store.commit(state, change, now: now)
      return .again
    }
    if case .refused(let reason) = failure {
      change.dead = [
        DeadLetter(
          sequence: letter.sequence, message: letter.message, reason: reason,
          tries: letter.tries + 1, at: now)
      ]
      try store.commit(state, change, now: now)
      return .again
    }
    return try note(failure, of: letter.sequence, id: nil, &state, change, now: now)
  }

  // MARK: - Failures

  /// Keeps a failure and says when to go on; a message that was tried for long enough is set aside.
  ///
  /// - Parameter id: of the message; nil if it may not be set aside.
  func note(
    _ failure: SendFailure, of sequence: Int64, id: String?, _ state: inout SinkState,
    _ change: StoreChange, now: Int64
  ) throws -> Next {
    var change = change
    var asked: Int64 = 0
    if case .unavailable(_, let wait) = failure { asked = wait }
    let wait = plan.schedule.wait(
      afterFailures: state.failuresInRow + 1, asked: asked, chance: chance())
    state.fail(failure.reason, sequence: sequence, now: now, wait: wait)
    if case .gone(let reason) = failure { state.disabled = reason }
    if let id, isExhausted(failure, state, now: now) {
      change.dead = [
        DeadLetter(
          sequence: sequence, message: id, reason: failure.reason, tries: state.headTries, at: now)
      ]
      state.cursor = sequence
      (state.head, state.headTries, state.headFirstTried) = (0, 0, 0)
      // The receiver answers, it only does not want this one.
      if case .refused = failure { (state.failuresInRow, state.nextTry) = (0, 0) }
    }
    try store.commit(state, change, now: now)
    if state.disabled != nil { return .idle }
    return state.nextTry <= now ? .again : .at(state.nextTry)
  }

  func isExhausted(_ failure: SendFailure, _ state: SinkState, now: Int64) -> Bool {
    switch failure {
    case .refused: state.headTries >= plan.schedule.refusals
    case .unavailable:
      plan.schedule.isExhausted(firstTried: state.headFirstTried, now: now)
    case .gone: false
    }
  }
}
