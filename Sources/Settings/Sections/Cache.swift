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
        "Memory of all cached answers together; the recursion library's caches come on top."),
      Option(
        "cache.max_ttl", \.cache.maxTTL, .ttl(1...longestTTL), .reload,
        "Longest time an answer is kept (RFC 8767 §4)."),
      Option(
        "cache.negative_max_ttl", \.cache.negativeMaxTTL, .ttl(0...longestNegativeTTL), .reload,
        "Longest time a negative answer is kept (RFC 2308 §5)."),
      Option(
        "cache.min_ttl", \.cache.minTTL, .ttl(0...longestMinimum), .reload,
        "Shortest time an answer is kept; 0 obeys the zone's owner."),
    ])
}
