import Evidence
import Foundation
import Testing

/// Precision and recall on people whose truth is known; the large run behind docs/evidence.md is
/// the same with more people (`PONOR_POPULATION` millions of lines).
@Suite struct PopulationTests {
  @Test("gates hold what they promise where bots can walk their lists")
  func gates() {
    let figures = PopulationFigures(
      judged: Population.judge(millions: 0.1, seed: 1, answersNothing: true))
    #expect(figures.precision(.confirmed) >= 0.999)
    #expect(figures.recall(.likely) >= 0.95)
  }

  /// Prints the figures of docs/evidence.md; takes minutes, so only when asked for.
  @Test("figures of a large population", .enabled(if: Self.millions != nil))
  func figures() {
    // Seeds 1, 2 and 100 to 103 were looked at when parameters were chosen; these are others.
    let runs = [
      Run("walks go on, sources listed"),
      Run("walks go on, sources attested", assurance: .attested),
      Run("some walks end at the sinkhole's answer", answersNothing: false),
      Run("people ask for listed names ten times as often", collisionFactor: 10),
      Run("the same, and it was counted for a week", collisionFactor: 10, isLearned: true),
    ]
    for (index, run) in runs.enumerated() {
      let figures = PopulationFigures(
        judged: Population.judge(
          millions: Self.millions ?? 0, seed: UInt64(200 + index),
          answersNothing: run.answersNothing, assurance: run.assurance,
          collisionFactor: run.collisionFactor, isLearned: run.isLearned))
      print("\(run.name)\n\(figures.report)\n")
    }
  }

  private struct Run {
    var name: String
    var answersNothing: Bool
    var assurance: ScoringContext.SourceAssurance
    var collisionFactor: Double
    var isLearned: Bool

    init(
      _ name: String, answersNothing: Bool = true,
      assurance: ScoringContext.SourceAssurance = .listed, collisionFactor: Double = 1,
      isLearned: Bool = false
    ) {
      self.name = name
      self.answersNothing = answersNothing
      self.assurance = assurance
      self.collisionFactor = collisionFactor
      self.isLearned = isLearned
    }
  }

  private static let millions = ProcessInfo.processInfo.environment["PONOR_POPULATION"]
    .flatMap(Double.init)
}
