extension Settings {
  /// Families, seeds and the window of days.
  package struct Models: Equatable, Sendable {
    /// Families that are generated.
    package var families = FamilySelection.all
    /// Families that are not, whatever `families` says.
    package var exclude: [String] = []
    /// Days before today whose names are listed.
    package var daysBefore = 7
    /// Days after today whose names are listed.
    package var daysAfter = 2
    /// Directories of seed files.
    package var seeds = ["seeds.d"]
    /// Directory of word lists.
    package var wordlists = "wordlists"
    /// Time by which a name's validity is widened on both sides.
    package var grace = Duration.zero
  }
}

extension Settings.Models {
  /// A year each way: bots whose clock battery is dead are off by more, and cannot be foreseen.
  private static let days = 0...366

  static let section = Section(
    key: "models", summary: "Families, seeds and the window of days whose names are listed.",
    options: [
      Option(
        "models.families", \.models.families, .families, .reload,
        "Families whose names are generated; see `ponor models list`."),
      Option(
        "models.exclude", \.models.exclude, .list(of: .familyName), .reload,
        "Families or variants that are left out."),
      Option(
        "models.days_before", \.models.daysBefore, .integer(days, unit: "days"), .reload,
        "Days before today whose names are listed, for bots whose clock is slow."),
      Option(
        "models.days_after", \.models.daysAfter, .integer(days, unit: "days"), .reload,
        "Days after today whose names are listed; at least 1 bridges midnight."),
      Option(
        "models.seeds", \.models.seeds, .list(of: .path, count: 0...64), .reload,
        "Directories of seed files (*.yaml); format: docs/seeds.md."),
      Option(
        "models.wordlists", \.models.wordlists, .path, .reload,
        "Directory of the word lists some families need."),
      Option(
        "models.grace", \.models.grace, .duration(.zero...(.seconds(31 * 86_400))), .reload,
        "Time by which each name's validity is widened on both sides.",
        details: "For bot clocks that are wrong or in another time zone (UTC-12 … UTC+14)."),
    ])
}
