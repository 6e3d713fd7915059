import AnswerCache
import DNSServer
import Foundation
import Logging
import QueryPath
import Recursion
import Settings

/// Looks after resolution while serving: new settings, and new keys of the root.
actor ResolutionControl {
  /// How often the state of the trust anchors is looked at.
  private static let checkInterval = Duration.seconds(60)
  /// Seconds before a failed look is tried again (RFC 5011 §2.3: not sooner than an hour).
  private static let retrySeconds: Int64 = 3600

  private let recursor: Recursor
  private let cache: AnswerCache
  private let processors: Int
  private let logger: Logger
  private var settings: Settings
  private var anchors: [String]?
  private var nextProbe: Int64 = 0

  init?(_ parts: ServerParts, _ settings: Settings, processors: Int, logger: Logger) {
    guard let recursor = parts.recursor else { return nil }
    self.recursor = recursor
    cache = parts.cache
    self.processors = processors
    self.logger = logger
    self.settings = settings
    anchors = settings.trackedAnchors()
  }

  // MARK: - Settings

  /// Applies changed settings: new resolvers take new questions, the former ones finish theirs.
  ///
  /// - Returns: what went wrong; the former settings then stay in force.
  func apply(_ fresh: Settings) -> [String] {
    cache.lifetimes = fresh.cacheLifetimes
    let options = { (settings: Settings) in
      // A value of plain structs and enums: its description says all of it.
      "\(settings.recursionOptions(processors: self.processors)) \(settings.tracksAnchors)"
    }
    let isChanged = options(fresh) != options(settings)
    let before = settings
    settings = fresh
    guard isChanged else { return [] }
    if !before.tracksAnchors { nextProbe = 0 }
    anchors = fresh.trackedAnchors()
    do {
      try renew()
      return []
    } catch {
      settings = before
      anchors = before.trackedAnchors()
      logger.error("resolution not changed, the settings in force stay: \(error)")
      return ["\(error)"]
    }
  }

  /// Has the library's caches forgotten as well; the answer cache is left to the caller.
  func forget() throws { try renew(keepingAnswers: true) }

  /// Makes resolvers from the settings in force, and lets the former ones finish and go.
  private func renew(keepingAnswers: Bool = false) throws {
    let resolvers = try settings.makeResolvers(processors: processors, anchors: anchors)
    let old = recursor.replace(with: resolvers)
    // What was right under the former settings may not be under these.
    if !keepingAnswers { cache.flush() }
    let drain = settings.resolution.timeout + .seconds(1)
    Thread.detachNewThread { old.stop(drain: drain) }
    logger.info("\(keepingAnswers ? "resolution starts afresh" : "resolution has new settings")")
  }

  // MARK: - Trust anchors

  /// Follows the root's keys until the task is cancelled.
  func track() async {
    while !Task.isCancelled {
      if settings.tracksAnchors, UTCClock.seconds() >= nextProbe { await probe() }
      try? await Task.sleep(for: Self.checkInterval)
    }
  }

  private func probe() async {
    var options = settings.recursionOptions(processors: 1)
    options.trustAnchors = RootTrustAnchors.records
    let tracker = TrustAnchorTracker(file: settings.anchorStateFile, options: options)
    nextProbe = UTCClock.seconds() + Self.retrySeconds
    do {
      let state = try await Self.onThread { try tracker.probe() }
      nextProbe = max(state.nextProbe ?? 0, UTCClock.seconds() + Self.retrySeconds)
      guard settings.tracksAnchors, Set(state.anchors) != Set(anchors ?? []) else { return }
      let isFirst = anchors == nil || anchors == RootTrustAnchors.records
      anchors = state.anchors
      logger.notice("the root's trusted keys are now \(state.anchors.count)")
      // The first look turns the built-in digests into the keys they stand for: nothing changes.
      if !isFirst { try renew() }
    } catch {
      logger.warning("\(error)")
    }
  }

  /// Runs what blocks on a thread of its own.
  private static func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
  }
}
