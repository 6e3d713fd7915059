package import DeliveryRules
package import Evidence

/// Everything that decides what a sink sends, and when.
package struct SinkPlan: Sendable {
  /// How records leave.
  package enum Target: Sendable {
    /// One by one, as messages of a format; without one the sink makes its own of the record.
    case messages(MessageFormat?, make: @Sendable () throws -> any MessageSink)
    /// A document per UTC day.
    case days(make: @Sendable () throws -> any DaySink)
  }

  /// Name of the sink.
  package var name: String
  /// Changes with the settings of the sink: one that was switched off is tried again then.
  package var fingerprint: String
  /// Who is told.
  package var recipient: Recipient
  /// How records leave.
  package var target: Target
  /// When a failure is tried again.
  package var schedule = RetrySchedule()
  /// How much of the past a new sink is told, microseconds.
  package var backlog: Int64 = 86_400 * RetrySchedule.second
  /// How long after its end a day is closed, microseconds.
  package var settle: Int64 = 900 * RetrySchedule.second
  /// Adds to a record what others know of its address.
  package var enrich: @Sendable (InfectionRecord) -> InfectionRecord = { $0 }
  /// What a recipient with pseudonyms sees of a record.
  package var pseudonymise: @Sendable (InfectionRecord) -> InfectionRecord = { $0 }
  /// Takes how many records a recipient was just told: for the audit.
  package var noteTold: @Sendable (Int) -> Void = { _ in }

  /// A plan with the usual times.
  package init(name: String, fingerprint: String, recipient: Recipient, target: Target) {
    self.name = name
    self.fingerprint = fingerprint
    self.recipient = recipient
    self.target = target
  }

  /// When an entry must have been added to be told; nil for one that is newer than the sink.
  func oldest(_ entry: FeedEntry, _ state: SinkState) -> Int64? {
    entry.sequence > state.backlogEnd ? nil : state.created - backlog
  }

  /// Decides about an entry of the feed.
  func decide(_ entry: FeedEntry, oldest: Int64?, told: Int?) -> RoutingDecision {
    if let oldest, entry.added < oldest { return .skip(.tooOld) }
    let decision = recipient.decide(enrich(entry.record), told: told)
    guard case .send(let record) = decision, recipient.seesPseudonyms else { return decision }
    return .send(pseudonymise(record))
  }
}
