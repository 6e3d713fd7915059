package import DGAKit

/// Where names come from and which of them are wanted.
package struct GenerationInputs: Sendable {
  /// Directories of seed files.
  package var seedDirectories: [String] = []
  /// Directory of word lists.
  package var wordListDirectory = "wordlists"
  /// Feeds to read.
  package var feeds: [String] = []
  /// Names delegated to the sinkhole.
  package var delegated: [String] = []
  /// Files of such names.
  package var delegatedFiles: [String] = []
  /// Families wanted; nil for all.
  package var families: [String]?
  /// Families or `family/variant`s left out.
  package var excluded: [String] = []
  /// Names that must not be swallowed, besides the built-in ones.
  package var allowed: [String] = []
  /// Files of such names.
  package var allowFiles: [String] = []
  /// Own zones: names in them are never swallowed.
  package var ownZones: [String] = []
  /// Seconds by which each name's validity is widened on both sides.
  package var graceSeconds: Int64 = 0
  /// Names beyond which a generation is refused.
  package var maximumNames = 100_000_000

  /// Creates inputs that give all built-in families.
  package init() {}

  /// All files and directories that decide on the result, to see whether they changed.
  package var sourcePaths: [String] {
    seedDirectories + [wordListDirectory] + feeds + allowFiles + delegatedFiles
  }
}

/// The days a generation covers.
package struct GenerationWindow: Sendable, Equatable {
  /// First second.
  package var start: Instant
  /// Second behind the last.
  package var end: Instant

  /// A window between two instants.
  package init(start: Instant, end: Instant) {
    self.start = start
    self.end = end
  }

  /// The day of `date` with whole days before and after it, UTC.
  package init(around date: Instant, daysBefore: Int, daysAfter: Int) {
    let day = Period.day(containing: date)
    start = day.start.adding(days: Int64(-daysBefore))
    end = day.end.adding(days: Int64(daysAfter))
  }
}
