extension ModelTemplate {
  /// The text of the file.
  public var source: String { head + generator }

  private var head: String {
    """
    import DGAKit

    /// \(typeName): say in one line how the names are made.
    ///
    /// Seed parameters: `seed` (32 bits).
    struct \(typeName): DGAModel {
      static let metadata = ModelMetadata(
        family: "\(family)", aliases: [], malpedia: nil, trust: .low,
        variants: [
          VariantInfo(
            kind: .arithmetic, period: .day, clock: .utc, namesPerPeriod: .exactly(10),
            topLevelDomains: ["com", "net"])
        ],
        references: ["https://example.org/the-analysis-this-is-taken-from"])

      static let seeds = [
        Seed(label: "default", parameters: ["seed": 0x1234_5678], reference: "URL or sample")
      ]

      // From a sample, a sandbox run or somebody else's list: never from this file's own output.
      static let knownAnswers = [
        answer(at: "2026-01-31"), answer(at: "2026-02-28"), answer(at: "2026-11-23"),
      ]

      /// Replace this by `KnownAnswer(seed:at:count:first:middle:last:)` for each date.
      private static func answer(at date: String) -> KnownAnswer {
        KnownAnswer(
          seed: "default", at: date, count: 10, first: KnownAnswer.placeholder,
          middle: KnownAnswer.placeholder, last: KnownAnswer.placeholder)
      }


    """
  }

  private var generator: String {
    """
      private let seed: UInt32
      private let suffixes = Suffixes(["com", "net"])

      init(seed: Seed, resources: ModelResources) throws(ModelError) {
        self.seed = try seed.uint32("seed")
      }

      func period(containing instant: Instant) -> Period { .day(containing: instant) }

      func names(at instant: Instant) -> Names {
        let today = instant.calendarDay
        let date = UInt32(truncatingIfNeeded: today.year * 10_000 + today.month * 100 + today.day)
        return Names(random: .microsoftC(seed: seed ^ date), suffixes: suffixes)
      }

      struct Names: NameGenerator {
        fileprivate var random: LinearCongruential32
        fileprivate let suffixes: Suffixes
        fileprivate var left = 10

        mutating func next(into name: inout DomainBuffer) -> Bool {
          guard left > 0 else { return false }
          left -= 1
          name.removeAll()
          for _ in 0..<random.next15() % 8 + 8 { name.append(letter: random.next15() % 26) }
          suffixes.append(left % suffixes.count, to: &name)
          return true
        }
      }
    }

    """
  }
}
