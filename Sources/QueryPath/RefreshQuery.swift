import AnswerCache
import DNSServer
import DNSWire
import Recursion

/// A question nobody waits for: it replaces a popular answer before that expires.
final class RefreshQuery: RecursionClient {
  private let key: AnswerKey
  private let origin: AnswerOrigin
  private let traits: ResolvedAnswer.Traits
  private let cache: AnswerCache
  private let isOfRefresher: Bool

  /// - Parameter isOfRefresher: whether the refresher is asked.
  init(
    key: AnswerKey, origin: AnswerOrigin, traits: ResolvedAnswer.Traits, cache: AnswerCache,
    isOfRefresher: Bool
  ) {
    self.key = key
    self.origin = origin
    self.traits = traits
    self.cache = cache
    self.isOfRefresher = isOfRefresher
  }

  func recursionFinished(
    rcode: ResponseCode, packet: Span<UInt8>, status: ValidationStatus, reason: String?
  ) {
    var entry = ResolvedAnswer.entry(
      traits, response: packet, rcode: rcode, status: status, reason: reason)
    // The answer at hand is good to its end; a failure now may be over by then.
    guard entry.info.rcode != .serverFailure else { return }
    entry.info.isOfRefresher = isOfRefresher
    entry.origin = origin
    cache.store(entry, under: key, at: UTCClock.seconds())
  }
}
