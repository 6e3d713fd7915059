/// Where the work on a case stands.
package enum CaseState: UInt8, Sendable, CaseIterable {
  /// Found; nobody was told.
  case new = 0
  /// The customer, or whoever is responsible, was told.
  case notified = 1
  /// They answered.
  case acknowledged = 2
  /// They say that it is cleaned.
  case cleanedClaimed = 3
  /// No longer seen for the family's quiet period: clean as far as DNS can tell.
  case verified = 4
  /// Seen again after it was claimed or found to be clean.
  case reopened = 5
  /// It was no infection.
  case falsePositive = 6

  /// `new`, `notified`, `acknowledged`, `cleaned-claimed`, `verified-by-absence`, `reopened` or
  /// `false-positive`.
  package var name: String {
    switch self {
    case .new: "new"
    case .notified: "notified"
    case .acknowledged: "acknowledged"
    case .cleanedClaimed: "cleaned-claimed"
    case .verified: "verified-by-absence"
    case .reopened: "reopened"
    case .falsePositive: "false-positive"
    }
  }

  /// The state of a name; `cleaned`, `verified` and `false_positive` are understood too.
  package init?(name: some StringProtocol) {
    switch name {
    case "cleaned": self = .cleanedClaimed
    case "verified": self = .verified
    case "false_positive": self = .falsePositive
    default:
      guard let state = Self.allCases.first(where: { $0.name == name }) else { return nil }
      self = state
    }
  }

  /// Whether people may put a case into `next`.
  ///
  /// They may say what they know in any order, also that it was an infection after all
  /// (`false-positive` to `reopened`). What only the traffic can tell (`verified`) and the beginning
  /// (`new`) are not theirs to say.
  package func mayBecome(_ next: CaseState) -> Bool {
    switch next {
    case .new, .verified: false
    case .reopened: self == .verified || self == .cleanedClaimed || self == .falsePositive
    case .notified, .acknowledged, .cleanedClaimed: self != .falsePositive
    case .falsePositive: self != .falsePositive
    }
  }
}

/// What a case knows of itself.
package struct CaseFacts: Equatable, Sendable {
  /// Where the work stands.
  package var state: CaseState
  /// Since when, microseconds since 1970.
  package var since: Int64
  /// When the last notice went out, microseconds since 1970; nil = none did.
  package var notified: Int64?
  /// Notices sent.
  package var notices: Int

  /// Makes the facts of a case.
  package init(state: CaseState = .new, since: Int64, notified: Int64? = nil, notices: Int = 0) {
    self.state = state
    self.since = since
    self.notified = notified
    self.notices = notices
  }

  /// The state that lookups bring about by themselves; nil when nothing changes.
  ///
  /// - Parameters:
  ///   - lastSeen: last lookup of the episode, microseconds since 1970.
  ///   - quiet: silence after which the family counts as gone, microseconds.
  ///   - now: microseconds since 1970.
  package func automatic(lastSeen: Int64, quiet: Int64, now: Int64) -> CaseState? {
    switch state {
    case .falsePositive: nil
    case .verified: lastSeen > since ? .reopened : nil
    case .cleanedClaimed where lastSeen > since: .reopened
    default: now - lastSeen >= quiet ? .verified : nil
    }
  }

  /// Whether a notice should go out.
  ///
  /// A first one when nobody was told of it, or after it came back; another one when it is still
  /// seen `repeatAfter` after the last one and nobody has answered.
  package func isNoticeDue(
    gate: InfectionRecord.Gate, lastSeen: Int64, rules: NoticeRules, now: Int64
  ) -> Bool {
    guard gate >= rules.gate else { return false }
    // However the case came to its state: two notices never follow each other faster than this.
    if let notified, now - notified < rules.repeatAfter { return false }
    switch state {
    case .new: return true
    case .reopened: return notified.map { since > $0 } ?? true
    case .notified: return notified.map { lastSeen > $0 } ?? true
    case .acknowledged, .cleanedClaimed, .verified, .falsePositive: return false
    }
  }
}

/// When notices go out.
package struct NoticeRules: Equatable, Sendable {
  /// How sure the score must be.
  package var gate: InfectionRecord.Gate
  /// Shortest time between two notices of a case, microseconds.
  package var repeatAfter: Int64

  /// Makes the rules.
  package init(gate: InfectionRecord.Gate = .likely, repeatAfter: Int64) {
    self.gate = gate
    self.repeatAfter = repeatAfter
  }
}
