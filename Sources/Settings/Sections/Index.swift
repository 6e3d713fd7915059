extension Settings {
  /// The index of generated names.
  package struct Index: Equatable, Sendable {
    /// When the index for the next days is built.
    package var rebuildAt = TimeOfDay(hour: 23, minute: 0)
    /// Index generations kept, the current one included.
    package var keepGenerations = 2
    /// Names beyond which a new index is refused.
    package var maxNames = 100_000_000
    /// How often sources are looked at for changes.
    package var checkInterval = Duration.seconds(60)
  }
}

extension Settings.Index {
  static let section = Section(
    key: "index", summary: "The index of generated names.",
    options: [
      Option(
        "index.rebuild_at", \.index.rebuildAt, .timeOfDay, .reload,
        "When the index for the next days is built, every day; leave time before midnight."),
      Option(
        "index.keep_generations", \.index.keepGenerations, .integer(1...30), .reload,
        "Index generations kept, the current one included; 2 allow a rollback."),
      Option(
        "index.max_names", \.index.maxNames, .integer(1...1_000_000_000), .reload,
        "Names beyond which a new index is refused and the current one stays.",
        details: "A name takes up to 16 octets of disk and page cache."),
      Option(
        "index.check_interval", \.index.checkInterval,
        .duration(.seconds(1)...(.seconds(86_400))), .reload,
        "How often seed files, feeds, word lists and allow lists are looked at for changes."),
    ])
}
