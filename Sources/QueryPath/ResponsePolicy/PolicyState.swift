import AnswerCache
import DNSWire
import Policy
import ResponsePolicy

/// How far response policy zones have judged the query at hand.
struct PolicyState {
  /// Whether a PASSTHRU rule, or TCP-only over TCP, has ended evaluation.
  var isExempt = false
  /// The zone from which on the answer is needed; beyond the last one when none needs it.
  var waitsAt = 0
  /// Whether policy zones are asked about this query at all.
  var isAsked = false
  /// Whether the answer starts in a zone of ours, whose names policy does not judge.
  var startsInZone = false
}

/// Where in the reply a rule takes effect.
struct PolicyPlace {
  /// Where its records go: behind the question, or behind the part of a CNAME chain that stays.
  var base: Int
  /// Records before that.
  var answerCount: UInt16
  /// Where the name it is about stands in the reply.
  var nameAt: Int
  /// Whether that name is the one asked for.
  var isQueryName: Bool
  /// Most octets of the reply.
  var limit: Int
}

/// What an answer starts with when policy or a zone of ours gave an alias whose target has to be
/// resolved.
final class AliasPrefix: Sendable {
  /// The records, as they follow the question.
  let octets: [UInt8]
  /// Octets from the alias's target to the end of the records.
  let targetCount: Int
  /// How many they are.
  let count: UInt16
  /// The extended error of the whole answer.
  let error: ExtendedError?
  /// Whether a zone of ours gave it: policy then judges the target as it does any other name.
  let isOfZone: Bool

  init(
    octets: [UInt8], targetCount: Int, count: UInt16, error: ExtendedError?, isOfZone: Bool = false
  ) {
    self.isOfZone = isOfZone
    self.octets = octets
    self.targetCount = targetCount
    self.count = count
    self.error = error
  }
}

extension Verdict {
  /// The same lookup, recorded but resolved normally: an operator's PASSTHRU covers it.
  var notSwallowed: Verdict {
    var verdict = self
    if isSwallowed { verdict.action = .colliding }
    return verdict
  }
}

extension PolicyZone {
  /// The extended error of an answer that a rule of this zone made.
  func extendedError(_ outcome: PolicyOutcome) -> ExtendedError? {
    guard options.explains else { return nil }
    if let chosen = options.extendedError { return chosen }
    return outcome == .data ? .forgedAnswer : .blocked
  }
}
