internal import Evidence

/// Puts the record of an episode's day together from what is stored and scored.
struct RecordMaker {
  let options: EvidenceOptions

  /// The record.
  ///
  /// - Parameters:
  ///   - change: why it is sent.
  ///   - now: microseconds since 1970; joins that are too old by then are left out.
  func record(
    _ episode: EpisodeRow, _ day: DayRow, suspect: String, score: Score,
    change: InfectionRecord.Change, now: Int64
  ) -> InfectionRecord {
    let uuid = EpisodeIdentity.episode(
      suspect: suspect, family: episode.family, first: episode.first)
    let summary = day.summary
    let date = UTCTime.day(
      microseconds: summary.day * UTCTime.secondsPerDay * UTCTime.microsecondsPerSecond)
    var record = InfectionRecord(
      id: EpisodeIdentity.record(episode: uuid, day: date), revision: day.revision + 1,
      change: change, episode: uuid, caseNumber: episode.caseNumber.description, day: date,
      firstMicroseconds: summary.first, lastMicroseconds: summary.last,
      episodeFirstMicroseconds: episode.state.first, count: summary.count,
      distinctNames: summary.names.count, client: client(summary, scope: episode.scope),
      serverAddress: summary.server.description, serverPort: summary.serverPort,
      family: episode.family, lookups: summary.lookups.map(\.shown), gate: score.gate,
      confidence: score.confidence)
    let joined =
      Int64(options.retention.joins) * UTCTime.secondsPerDay * UTCTime.microsecondsPerSecond
    record.subscriber = now - summary.last <= joined ? summary.subscriber : nil
    record.resolver = options.resolver
    record.variant = summary.variant
    record.seed = summary.seed
    record.kind = summary.kind.name
    record.isVerified = summary.verified > 0
    record.tlp = options.tlp
    record.isTest = options.isTest
    record.severity = Self.severity(score.gate)
    add(score, to: &record)
    return record
  }

  private func add(_ score: Score, to record: inout InfectionRecord) {
    for hypothesis in Hypothesis.allCases {
      record.probabilities[hypothesis.rawValue] = score.probabilities[hypothesis]
    }
    record.terms = score.terms.map {
      InfectionRecord.Term(
        name: $0.detail.isEmpty ? $0.name : "\($0.name):\($0.detail)", value: $0.values.infected)
    }
    record.reasons = score.reasons
    record.clockSkewDays = score.clockSkewDays
    record.infectedDevicesAtLeast = score.devicesAtLeast
    record.stoppedEarly = score.earlyStop == .server
    record.parameters = score.version
  }

  private func client(
    _ summary: DaySummary, scope: InfectionRecord.Scope
  ) -> InfectionRecord.Client {
    var client = InfectionRecord.Client(
      address: summary.client.description, port: summary.port,
      transport: summary.transport.name, scope: scope)
    let origin = summary.origin
    client.prefixLength = origin.prefixLength
    client.device = origin.device.isEmpty ? nil : origin.device.description
    client.relay = origin.relay?.description
    client.relayPort = origin.relay == nil ? nil : origin.relayPort
    return client
  }

  /// A suspicion is no alarm: only what may be acted on is called grave.
  static func severity(_ gate: InfectionRecord.Gate) -> String {
    switch gate {
    case .recorded: "info"
    case .suspected: "low"
    case .likely: "high"
    case .confirmed: "critical"
    }
  }
}

/// Identifiers that are the same whenever they are computed.
package enum EpisodeIdentity {
  /// The identifier of an episode.
  ///
  /// - Parameter first: its first lookup ever, microseconds since 1970.
  package static func episode(suspect: String, family: String, first: Int64) -> String {
    UUIDv5.text(parts: ["episode", suspect, family, String(first)])
  }

  /// The identifier of an episode's record of one day, `2026-11-23`.
  package static func record(episode: String, day: String) -> String {
    UUIDv5.text(parts: ["record", episode, day])
  }
}
