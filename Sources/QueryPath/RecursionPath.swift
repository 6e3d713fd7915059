package import AbuseControl
package import AnswerCache

/// What a question that goes to recursion needs until it is answered.
///
/// An object, so that each question takes one reference to all of it.
package final class RecursionPath: Sendable {
  let recursor: Recursor
  let cache: AnswerCache
  let abuse: AbuseGuard
  /// The pipelines of the recursion threads, which finish what others began.
  let finishers: FinisherPool

  /// Puts the parts together.
  package init(
    recursor: Recursor, cache: AnswerCache, abuse: AbuseGuard, finishers: FinisherPool
  ) {
    self.recursor = recursor
    self.cache = cache
    self.abuse = abuse
    self.finishers = finishers
  }
}
