internal import Evidence
internal import HitLog

/// Asks which lines the hits of a batch were.
///
/// Another process answers, from records that are read every few minutes. So a hit waits until the
/// records go up to its instant, and for so long at most that scoring does not depend on them.
struct SubscriberJoin {
  /// Time between two tries while hits wait, microseconds.
  private static let pause: Int64 = 2_000_000
  /// Hits are stored a moment after their instant; what is further ahead has another clock.
  private static let aheadMax: Int64 = 10_000_000

  private let lookup: any SubscriberLookup
  private let wait: Int64
  private let suspects: SuspectOptions
  private var nextTry: Int64 = .min
  /// Why there are no answers at present; nil while there are.
  private(set) var problem: String?

  /// - Parameter wait: how long a hit waits at most, microseconds.
  init(_ lookup: any SubscriberLookup, wait: Int64, suspects: SuspectOptions) {
    self.lookup = lookup
    self.wait = wait
    self.suspects = suspects
  }

  /// Asks for rows that come one after the other; nothing of them is folded in when it is too early to
  /// ask again.
  mutating func join(_ rows: [HitRow], now: Int64) -> JoinedHits {
    guard let first = rows.first else { return JoinedHits(until: .max) }
    let held = JoinedHits(until: first.id - 1)
    // A clock set back must not postpone it.
    if now < nextTry, nextTry - now <= Self.pause { return held }
    let asked = rows.filter(isAttributable)
    var answers: SubscriberAnswers?
    do throws(SubscriberLookupFailure) {
      answers = try asked.isEmpty ? nil : lookup.answers(asked.map(SubscriberQuestion.init))
      problem = nil
    } catch {
      problem = error.message
    }
    let joined = conclude(rows, asked, answers, now: now)
    nextTry = joined.until < rows[rows.count - 1].id ? now + Self.pause : .min
    return joined
  }

  /// Whether one line is behind a hit: not of a forwarder that stands for many, or told a network only.
  private func isAttributable(_ hit: HitRow) -> Bool {
    hit.origin.prefixLength == nil
      && !suspects.forwarders.contains { $0.prefix.contains(hit.client) }
  }

  private func conclude(
    _ rows: [HitRow], _ asked: [HitRow], _ answers: SubscriberAnswers?, now: Int64
  ) -> JoinedHits {
    var joined = JoinedHits(until: .max)
    for (position, hit) in asked.enumerated() {
      let instant = hit.firstMicroseconds
      if let answers, instant <= answers.knownUntil {
        joined.lines[hit.id] = answers.subscribers[position]
        continue
      }
      let age = now - instant
      guard age < -Self.aheadMax || age >= wait else {
        joined.until = hit.id - 1
        return joined
      }
      // An answer that may be out of date would accuse whoever had the address before.
      joined.lines[hit.id] = InfectionRecord.Subscriber(state: .unknown)
    }
    // Rows that come meanwhile were not asked for.
    joined.until = rows[rows.count - 1].id
    return joined
  }
}

/// What attribution said of the hits of a batch.
struct JoinedHits {
  /// Last hit that may be folded in.
  var until: Int64
  /// By number of the hit; hits that are nobody's line are missing.
  var lines: [Int64: InfectionRecord.Subscriber] = [:]
}

extension SubscriberQuestion {
  /// Who sent a hit.
  init(_ hit: HitRow) {
    self.init(
      address: hit.client, port: hit.clientPort, transport: IPProtocol(hit.transport),
      microseconds: hit.firstMicroseconds)
  }
}
