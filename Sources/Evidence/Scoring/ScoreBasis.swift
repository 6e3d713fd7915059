/// The lookups that one score counts: all of an episode's, or the verified ones only.
struct ScoreBasis {
  let episode: EpisodeState
  let client: ClientState
  let family: String
  let context: ScoringContext
  let parameters: ScoringParameters
  let instant: Int64
  let verifiedOnly: Bool

  /// A name that counts: how much is left of it, and how often people ask for it.
  struct Counted {
    let name: NameEvidence
    let weight: Double
    let benignRate: Double
    let isQuarantined: Bool
  }

  /// What differs for the family.
  let special: ScoringParameters.Family
  /// Names that were asked for, and one more, over the days from the first lookup to the last.
  let namesPerDay: Double

  /// The names that count, in the order of their first lookups.
  let counted: [Counted]
  /// How the bots walk their list: of the generator with most names.
  let facts: FamilyFacts
  /// The facts of each of the episode's generators.
  private let generatorFacts: [FamilyFacts]

  init(
    _ episode: EpisodeState, client: ClientState, family: String, context: ScoringContext,
    parameters: ScoringParameters, instant: Int64, verifiedOnly: Bool
  ) {
    self.episode = episode
    self.client = client
    self.family = family
    special = parameters.families[family] ?? ScoringParameters.Family()
    self.context = context
    self.parameters = parameters
    self.instant = instant
    self.verifiedOnly = verifiedOnly
    let names = episode.names.filter { !verifiedOnly || $0.lastVerified != nil }
    let track = verifiedOnly ? episode.verified : episode.all
    let span = max(0, Double(track.last) - Double(track.first))
    let days = 1 + span / Double(UTCTime.microsecondsPerSecond * UTCTime.secondsPerDay)
    // Forged lookups must not make verified names look like part of a long walk.
    let number = verifiedOnly ? UInt64(names.count) : episode.distinctNames
    namesPerDay = Double(number + 1) / days
    let facts = episode.generators.map { Self.facts(of: $0, family: family, context: context) }
    let main = Self.mostFrequent(names.map(\.generator)) ?? 0
    generatorFacts = facts
    self.facts = main < facts.count ? facts[main] : .unknown
    let benign = parameters.benign
    let halfLife = parameters.ageing.halfLifeDays
    counted =
      names.map { name in
        Counted(
          name: name,
          weight: Self.weight(
            of: verifiedOnly ? name.lastVerified ?? name.last : name.last, at: instant,
            halfLifeDays: halfLife),
          benignRate: context.benign.rate(
            of: name, isWordList: facts[name.generator].isWordList, parameters: benign),
          isQuarantined: context.benign.isQuarantined(name.key))
      }
      .sorted { ($0.name.first, $0.name.key) < ($1.name.first, $1.name.key) }
  }

  /// The track of the lookups that count.
  var track: ObservedTrack { verifiedOnly ? episode.verified : episode.all }

  /// What is left of what the whole track says.
  var trackWeight: Double {
    Self.weight(of: track.last, at: instant, halfLifeDays: parameters.ageing.halfLifeDays)
  }

  /// The facts of the generator at a place.
  func facts(of generator: Int) -> FamilyFacts {
    generator < generatorFacts.count ? generatorFacts[generator] : .unknown
  }

  /// Whether days count instead of names: the family has too few names a day.
  var countsDays: Bool {
    special.countsDays
      ?? facts.pool.map { Double($0) <= parameters.names.fewNames } ?? false
  }

  /// Whether a name collides with names people use.
  func isColliding(_ counted: Counted) -> Bool {
    counted.isQuarantined || counted.benignRate > parameters.benign.colliding
  }

  private static func facts(
    of generator: String, family: String, context: ScoringContext
  ) -> FamilyFacts {
    context.facts.facts(family: family, variant: String(generator.prefix { $0 != "/" }))
  }

  private static func mostFrequent(_ places: [Int]) -> Int? {
    var numbers: [Int: Int] = [:]
    for place in places { numbers[place, default: 0] += 1 }
    return numbers.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key
  }

  /// 1 at the lookup, half after each half-life; a lookup of the future counts as one of now.
  static func weight(of time: Int64, at instant: Int64, halfLifeDays: Double) -> Double {
    let (age, overflow) = instant.subtractingReportingOverflow(time)
    guard !overflow, age > 0, halfLifeDays > 0 else { return 1 }
    let days = Double(age) / Double(UTCTime.microsecondsPerSecond * UTCTime.secondsPerDay)
    return NaturalLogarithm.powerOfTwo(-days / halfLifeDays)
  }
}
