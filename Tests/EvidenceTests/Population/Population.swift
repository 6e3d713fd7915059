import Evidence
import WireSamples

/// People whose truth is known, judged by the score.
struct Population {
  /// Days before the first that lists are numbered from, so that wrong clocks find a list.
  static let daysBefore = 3600
  /// Midnight of day 0 of the numbering, seconds since 1970.
  static let firstDay = Lookup.start / 1_000_000 / 86_400 * 86_400

  /// How many of each kind: a million lines over a fortnight, with π = 1e-4 for each of twelve
  /// families, and what the rates of docs/evidence.md make of the rest.
  static let perMillion: [Person.Kind: Int] = [
    .infected: 1200, .collision: 42_000, .analyst: 30, .scanner: 60, .relay: 80, .spoofed: 200,
    .browser: 200,
  ]

  /// One suspect and family that was judged.
  struct Judged {
    var kind: Person.Kind
    var isInfected: Bool
    var family: String
    var score: Score
  }

  /// Judges a population; `millions` of lines, the same for the same seed.
  static func judge(
    millions: Double, seed: UInt64, answersNothing: Bool,
    assurance: ScoringContext.SourceAssurance = .listed, collisionFactor: Double = 1,
    isLearned: Bool = false
  ) -> [Judged] {
    var maker = PersonMaker(
      numbers: SeededGenerator(seed: seed), answersNothing: answersNothing,
      collisionFactor: collisionFactor)
    var facts = FamilyFactsTable()
    for family in Malware.all { facts.set(family.facts, family: family.name, variant: "") }
    var parameters = Case.parameters
    for family in Malware.all {
      parameters.families[family.name, default: .init()].retryMinutes = family.retryMinutes
    }
    let scorer = Scorer(parameters)
    var judged: [Judged] = []
    for kind in Person.Kind.allCases {
      let factor = kind == .collision ? collisionFactor : 1
      for _ in 0..<Int(Double(perMillion[kind] ?? 0) * millions * factor) {
        var context = ScoringContext(assurance: assurance, facts: facts)
        let person = make(kind, &maker)
        context.network = person.network
        if isLearned { context.benign = learned(person, factor: collisionFactor) }
        judged += judge(person, context, scorer)
      }
    }
    return judged
  }

  /// What a week of counting, off the validity, among a million clients would have found.
  private static func learned(_ person: Person, factor: Double) -> BenignRates {
    var rates = BenignRates()
    let families = Set(Malware.all.filter { $0.collisions > 0 }.map(\.name))
    for lookup in person.lookups where families.contains(lookup.family) {
      var counts = BenignRates.Counts()
      counts.clientDays = 7_000_000
      counts.clients = UInt64(7 * factor * (lookup.family == "fir" ? 10 : 1))
      rates.counts[ListedName.key(Lookup.wire(lookup.name))] = counts
    }
    return rates
  }

  private static func make(_ kind: Person.Kind, _ maker: inout PersonMaker) -> Person {
    switch kind {
    case .infected: maker.infected()
    case .collision: maker.collision()
    case .analyst: maker.analyst()
    case .scanner: maker.analyst(kind: .scanner)
    case .relay: maker.relay()
    case .spoofed: maker.spoofed()
    case .browser: maker.browser()
    }
  }

  private static func judge(
    _ person: Person, _ context: ScoringContext, _ scorer: Scorer
  ) -> [Judged] {
    var states = SuspectStates()
    for (index, lookup) in person.lookups.sorted(by: { $0.at < $1.at }).enumerated() {
      states.add(lookup.hit(Int64(index + 1)), parameters: scorer.parameters)
    }
    return states.episodes.sorted { $0.key < $1.key }.map { family, episode in
      Judged(
        kind: person.kind, isInfected: person.families.contains(family), family: family,
        score: scorer.score(
          episode, family: family, client: states.client, context: context, at: episode.last))
    }
  }
}

/// Figures of a judged population.
struct PopulationFigures {
  let judged: [Population.Judged]

  func count(_ gate: InfectionRecord.Gate, infected: Bool) -> Int {
    judged.count { $0.score.gate >= gate && $0.isInfected == infected }
  }

  /// Share of what passed a gate that is infected.
  func precision(_ gate: InfectionRecord.Gate) -> Double {
    let right = count(gate, infected: true)
    return Double(right) / Double(max(1, right + count(gate, infected: false)))
  }

  /// Share of what is infected that passed a gate.
  func recall(_ gate: InfectionRecord.Gate) -> Double {
    Double(count(gate, infected: true)) / Double(max(1, count(.recorded, infected: true)))
  }

  /// Mean square of the probability's error.
  var brier: Double {
    judged.reduce(0) { sum, one in
      let error = one.score.confidence - (one.isInfected ? 1 : 0)
      return sum + error * error
    } / Double(max(1, judged.count))
  }

  /// Bounds of the bins of the reliability table.
  static let bounds = [0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 1.000001]

  /// The figures as they stand in docs/evidence.md.
  var report: String {
    var lines = ["| gate | infected | not infected | precision | recall |"]
    for gate in InfectionRecord.Gate.allCases {
      lines.append(
        "| \(gate.rawValue) | \(count(gate, infected: true)) | \(count(gate, infected: false)) | "
          + "\(Self.text(precision(gate))) | \(Self.text(recall(gate))) |")
    }
    lines.append("Brier \(Self.text(brier))")
    for (low, high) in zip(Self.bounds, Self.bounds.dropFirst()) {
      let bin = judged.filter { $0.score.confidence >= low && $0.score.confidence < high }
      guard !bin.isEmpty else { continue }
      let mean = bin.reduce(0) { $0 + $1.score.confidence } / Double(bin.count)
      let share = Double(bin.count { $0.isInfected }) / Double(bin.count)
      lines.append(
        "| \(low)–\(min(1, high)) | \(bin.count) | \(Self.text(mean)) | \(Self.text(share)) |")
    }
    for kind in Person.Kind.allCases {
      let gates = InfectionRecord.Gate.allCases.map { gate in
        judged.count { $0.kind == kind && $0.score.gate == gate }
      }
      lines.append("\(kind.rawValue): \(gates)")
    }
    for family in Malware.all {
      let ours = judged.filter { $0.family == family.name && $0.isInfected }
      let gates = InfectionRecord.Gate.allCases.map { gate in ours.count { $0.score.gate == gate } }
      let wrong = judged.filter { $0.family == family.name && !$0.isInfected }
      let wrongGates = InfectionRecord.Gate.allCases.map { gate in
        wrong.count { $0.score.gate == gate }
      }
      lines.append("\(family.name): \(gates) not: \(wrongGates)")
    }
    return lines.joined(separator: "\n")
  }

  private static func text(_ value: Double) -> String {
    String((value * 10_000).rounded() / 10_000)
  }
}
