/// Learns how many lines run a family, month by month: an empirical Bayes estimate.
package enum PriorLearning {
  /// What became of the episodes of one family in one month.
  package struct Outcomes: Equatable, Sendable {
    /// Lines that asked the resolver anything.
    package var lines: UInt64
    /// Expected infected lines: the sum of the episodes' probabilities, or of findings where there
    /// are any (1 for an infection that was found, 0 for a false positive).
    package var infected: Double

    /// Makes outcomes.
    package init(lines: UInt64, infected: Double) {
      self.lines = lines
      self.infected = infected
    }
  }

  /// Lines that the assumed probability is worth: so many are needed to move it half way.
  package static let assumedLines = 100_000.0
  /// A learned probability stays within these: one month must neither convict nor acquit.
  package static let limits = 1e-6...1e-2

  /// π of a family: the mean of the beta distribution after the month.
  ///
  /// - Parameter assumed: π before, from the parameters or the month before.
  package static func prior(after outcomes: Outcomes, assumed: Double) -> Double {
    let infected = min(max(0, outcomes.infected), Double(outcomes.lines))
    let learned =
      (assumed * assumedLines + infected) / (assumedLines + Double(outcomes.lines))
    return min(max(learned, limits.lowerBound), limits.upperBound)
  }
}
