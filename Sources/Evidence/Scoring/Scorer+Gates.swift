extension Scorer {
  /// A lookup counts towards a gate until this is left of it: two half-lives.
  static let leastWeight = 0.25

  /// Fills in what the gates and the reasons look at.
  func measure(_ basis: ScoreBasis, into score: inout Score) {
    var numbers: [Int: Int] = [:]
    for entry in basis.counted where entry.weight >= Self.leastWeight {
      if basis.isColliding(entry) {
        score.collidingNames += 1
      } else {
        numbers[entry.name.generator, default: 0] += 1
      }
    }
    score.distinctNames = numbers.values.max() ?? 0
    score.days = Int(basis.track.days)
    score.bursts = Int(basis.track.bursts)
    score.clockSkewDays = clockSkew(basis)
    score.devicesAtLeast = devicesAtLeast(basis)
    score.earlyStop = earlyStop(basis)
  }

  /// The strongest gate that is passed.
  func gate(of score: Score, _ basis: ScoreBasis) -> InfectionRecord.Gate {
    let gates = parameters.gates
    let names = Double(namesForGates(score, basis))
    guard score.confidence >= gates.suspected else { return .recorded }
    let confidence = min(score.confidence, score.cautiousConfidence)
    guard confidence >= gates.likely, names >= gates.likelyNames else { return .suspected }
    guard confidence >= gates.confirmed, names >= gates.confirmedNames,
      Double(score.bursts) >= gates.confirmedBursts, basis.verifiedOnly,
      Double(basis.breadth) <= gates.confirmedBreadth,
      basis.context.scope == .line
    else { return .likely }
    return .confirmed
  }

  /// Distinct names; days for families that have few names.
  func namesForGates(_ score: Score, _ basis: ScoreBasis) -> Int {
    guard basis.countsDays, score.distinctNames > 0 else { return score.distinctNames }
    return max(score.distinctNames, score.days)
  }

  /// The clock error that explains at least two names.
  private func clockSkew(_ basis: ScoreBasis) -> Int? {
    var numbers: [Int: Int] = [:]
    for entry in basis.counted {
      if case .offset(let at) = entry.name.timing { numbers[at, default: 0] += 1 }
    }
    guard let best = numbers.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) }),
      best.value >= 2
    else { return nil }
    return basis.episode.offsets[best.key].days
  }

  /// Overlapping walks are as many devices, where walks are in the list's order at all.
  private func devicesAtLeast(_ basis: ScoreBasis) -> Int {
    let track = basis.episode.all
    let isOrdered = Double(track.ascending) >= 0.8 * Double(track.pairs)
    guard basis.facts.order == .listed, isOrdered else { return 1 }
    return max(1, basis.episode.walks.mostOverlapping)
  }

  /// Whether the newest walk began at the list's start and ended before half of its tries.
  private func earlyStop(_ basis: ScoreBasis) -> Score.EarlyStop? {
    guard basis.facts.order == .listed, let pool = basis.facts.pool,
      let walk = basis.episode.walks.walks.max(by: { $0.last < $1.last }),
      walk.firstOrdinal < ListWalk.stride
    else { return nil }
    let silence = basis.instant &- walk.last
    let tries = min(basis.facts.triesPerRun ?? pool, pool)
    guard silence >= parameters.foldRules(family: basis.family).burstGap,
      Int(walk.lastOrdinal) + 1 <= tries / 2
    else { return nil }
    return switch walk.action {
    case .sinkhole: .sinkhole
    case .observe: .server
    // Nothing was found: it gave up for another reason (switched off, perhaps).
    case .nxdomain, .colliding: nil
    }
  }
}
