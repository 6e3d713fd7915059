extension Settings {
  /// The answer cache.
  package struct Cache: Equatable, Sendable {
    /// Memory of all cached answers together.
    package var memory = ByteCount.mebibytes(64)
    /// Longest time an answer is kept, seconds.
    package var maxTTL: UInt32 = 86_400
    /// Longest time a negative answer is kept, seconds.
    package var negativeMaxTTL: UInt32 = 3_600
    /// Shortest time an answer is kept, seconds.
    package var minTTL: UInt32 = 0
    /// Time a failure is remembered, seconds.
    package var failureTTL: UInt32 = 5
    /// Whether popular answers are refreshed before they end.
    package var prefetch = true
    /// Longest time after its end that an answer is served stale; zero for never.
    package var stale = Duration.seconds(86_400)
    /// Time a client waits before it gets a stale answer.
    package var staleAfter = Duration.milliseconds(1_800)
    /// Time a stale answer is served after a failure before asking again.
    package var staleRecheck = Duration.seconds(30)
    /// Whether the answers are kept over a restart.
    package var persistent = true
  }
}

extension Settings.Cache {
  /// RFC 8767 §4 suggests to cap TTLs on the order of days to weeks; 7 days is its upper value.
  private static let longestTTL: UInt32 = 604_800
  /// RFC 2308 §5: negative answers beyond a day have proved problematic.
  private static let longestNegativeTTL: UInt32 = 86_400
  /// Stretching TTLs further breaks services that steer traffic by DNS.
  private static let longestMinimum: UInt32 = 3_600

  static let section = Section(
    key: "cache",
    summary: "The answer cache in front of recursion; it never holds sinkhole answers.",
    options: [
      Option(
        "cache.memory", \.cache.memory, .size(.mebibytes(1)...(.mebibytes(1 << 20))), .restart,
        "Memory of all cached answers together; the recursion library's caches come on top.",
        details: "The threads read it without locks where it is: another size takes a restart."),
      Option(
        "cache.max_ttl", \.cache.maxTTL, .ttl(1...longestTTL), .reload,
        "Longest time an answer is kept (RFC 8767 §4)."),
      Option(
        "cache.negative_max_ttl", \.cache.negativeMaxTTL, .ttl(0...longestNegativeTTL), .reload,
        "Longest time a negative answer is kept (RFC 2308 §5)."),
      Option(
        "cache.min_ttl", \.cache.minTTL, .ttl(0...longestMinimum), .reload,
        "Shortest time an answer is kept; 0 obeys the zone's owner."),

      Option(
        "cache.failure_ttl", \.cache.failureTTL, .ttl(1...300), .reload,
        "Time a failure to resolve is remembered (RFC 9520 §3.2: 1 second to 5 minutes)."),
      Option(
        "cache.prefetch", \.cache.prefetch, .flag, .reload,
        "Refresh an answer that is asked for in the last tenth of its life."),
      Option(
        "cache.stale", \.cache.stale, .duration(.zero...(.seconds(7 * 86_400))), .reload,
        "Longest time after its end that an answer is served when nobody can be asked.",
        details: "RFC 8767; TTL 30, with an extended error. 0 switches it off."),
      Option(
        "cache.stale_after", \.cache.staleAfter,
        .duration(.milliseconds(100)...(.seconds(60))), .reload,
        "Time a client waits before it gets a stale answer while resolution goes on.",
        details: "RFC 8767 §5 suggests 1.8 s, below the patience of stub resolvers."),
      Option(
        "cache.stale_recheck", \.cache.staleRecheck, .duration(.seconds(1)...(.seconds(300))),
        .reload, "Time a stale answer is served after a failure before asking again."),
      Option(
        "cache.persistent", \.cache.persistent, .flag, .restart,
        "Write the answers to data_dir at the end and read them at the start.",
        details: "Times to live go on counting. A file that is damaged or not ours is refused."),
    ])
}
