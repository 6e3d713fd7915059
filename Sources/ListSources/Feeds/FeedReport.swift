package import CheckedYAML
package import DGAKit

/// Where a feed's names come from and when they are valid; many rows share one.
package struct FeedKey: Hashable, Sendable {
  /// The family, in lower case.
  package var family: String
  /// The seed's or campaign's label, "" when the feed gives none.
  package var seed: String
  /// When the names are valid; ends left open are the earliest and latest instants there are.
  package var validity: Period
}

/// Why a row of a feed was skipped.
package enum FeedFlaw: Error, Hashable, Sendable {
  /// The name is none.
  case name(NameText.Flaw)
  /// No family, or one with spaces, control or non-ASCII characters.
  case family
  /// A seed label longer than 128 octets or with control or non-ASCII characters.
  case seed
  /// `valid_from` or `valid_to` is no date.
  case date
  /// The name is never valid: `valid_to` is not after `valid_from`.
  case emptyInterval
  /// A quote that does not close on its line, or text beside a quoted field.
  case quoting
  /// A line of more than 16,384 octets.
  case lineTooLong
  /// More combinations of family, seed and dates than `FeedParser.keyLimit`.
  case tooManyKeys

  /// What is wrong and what to do.
  package var description: String {
    switch self {
    case .name(let flaw): flaw.description
    case .family: "the family is missing or has spaces or characters beyond ASCII"
    case .seed: "the seed is longer than 128 octets or has characters beyond printable ASCII"
    case .date: "a date is neither YYYY-MM-DD nor RFC 3339 such as 2026-11-23T13:37:00Z"
    case .emptyInterval: "valid_to is not after valid_from"
    case .quoting: "a quoted field does not end properly on its line"
    case .lineTooLong: "the line is longer than \(LineSplitter.longestLine) octets"
    case .tooManyKeys:
      "the feed has more than \(FeedParser.keyLimit) combinations of family, seed and dates"
    }
  }
}

/// What was read of a feed, and what was not.
package struct FeedReport: Equatable, Sendable {
  /// Rows skipped for one reason.
  package struct Skipped: Equatable, Sendable {
    /// How many.
    package var count = 0
    /// Line number of the first.
    package var firstLine = 0

    /// A tally.
    package init(count: Int, firstLine: Int) {
      self.count = count
      self.firstLine = firstLine
    }
  }

  /// The feed's path.
  package var path: String
  /// Rows with data: neither empty, nor a comment, nor the header.
  package var rows = 0
  /// Rows delivered.
  package var accepted = 0
  /// The keys rows refer to, in order of appearance.
  package var keys: [FeedKey] = []
  /// Rows skipped, by reason.
  package var skipped: [FeedFlaw: Skipped] = [:]

  /// An empty report.
  package init(path: String) { self.path = path }

  /// One warning per reason, at the first line it occurred on, in line order.
  package var problems: [SourceProblem] {
    skipped.map { flaw, tally in
      SourceProblem(
        file: path, line: tally.firstLine,
        "\(tally.count) of \(rows) rows skipped, first here: \(flaw.description)",
        severity: .warning)
    }.sorted()
  }
}
