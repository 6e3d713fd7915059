import Evidence
import WireSamples

/// One suspect of the population: what it is, and what it asks for.
struct Person {
  /// What it is in truth.
  enum Kind: String, CaseIterable {
    case infected, collision, analyst, scanner, relay, spoofed, browser
  }

  var kind: Kind
  var lookups: [Lookup] = []
  /// Families that it really runs.
  var families: Set<String> = []
  var scope = InfectionRecord.Scope.line
  var devices = 1
  var network = ScoringContext.Network.customers
}

/// Makes people's lookups from random numbers; days are counted from `Population.firstDay`.
struct PersonMaker {
  var numbers: SeededGenerator
  /// Whether listed names are answered NXDOMAIN, so that bots walk on.
  var answersNothing: Bool
  /// Times that people ask for listed names oftener than the parameters assume.
  var collisionFactor = 1.0

  private mutating func pick<Item>(_ items: [Item]) -> Item {
    items[Int(numbers.next() % UInt64(items.count))]
  }

  private mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(numbers.next() % UInt64(range.count))
  }

  // MARK: Infected

  /// A line with a bot of a family, some of them with two.
  mutating func infected() -> Person {
    var person = Person(kind: .infected)
    person.families.insert(pick(Malware.all).name)
    if numbers.chance(0.03) { person.families.insert(pick(Malware.all).name) }
    // Some customers' equipment cannot do TCP: their lookups stay unverified.
    let canVerify = numbers.chance(0.97)
    for family in Malware.all where person.families.contains(family.name) {
      person.lookups += bot(of: family, canVerify: canVerify)
    }
    return person
  }

  private mutating func bot(of family: Malware, canVerify: Bool) -> [Lookup] {
    let skew = numbers.chance(0.05) ? pick([-3000, -400, -31, 25]) : 0
    let isContent = !answersNothing && numbers.chance(family.contentShare)
    let first = integer(0...8)
    let last = min(13, first + integer(2...10))
    var lookups: [Lookup] = []
    for day in first...last where numbers.chance(0.85) {
      // Computers are on for some hours of a day.
      var minute = Double(integer(6 * 60...14 * 60))
      let end = minute + Double(integer(2 * 60...9 * 60))
      while minute < end {
        lookups += run(family, day: day, minute: minute, skew: skew, isContent: isContent)
        minute += family.retryMinutes * (0.97 + 0.06 * numbers.unit())
      }
    }
    return lookups.map {
      var lookup = $0
      lookup.isVerified = canVerify
      lookup.wasChallenged = !canVerify
      return lookup
    }
  }

  private mutating func run(
    _ family: Malware, day: Int, minute: Double, skew: Int, isContent: Bool
  ) -> [Lookup] {
    let pool = family.facts.pool ?? 1
    // The machine is shut down during some runs.
    let count = isContent ? 1 : min(pool, numbers.chance(0.3) ? integer(1...6) : family.names)
    var seconds = minute * 60
    return (0..<count).map { index in
      let ordinal = family.facts.order == .listed ? index : integer(0...pool - 1)
      seconds += 0.5 + 4 * numbers.unit()
      // A skewed clock may show days before our count begins: those lists have numbers too.
      let clockDay = max(0, day + skew + Population.daysBefore)
      return family.lookup(
        day: day + Population.daysBefore, seconds: seconds, ordinal: ordinal, clockDay: clockDay)
    }
  }

  // MARK: Not infected

  /// A line that asks for names that people use, which lists hold as well.
  mutating func collision() -> Person {
    var person = Person(kind: .collision)
    let family = collidingFamily()
    // The mean number of names a client asks for in a fortnight, after the rates of the science
    // report (2.2); who asked for one asks for another three times as often as by chance alone.
    let mean = min(1, family.collisions * 3 * collisionFactor)
    let count = numbers.chance(mean / 2) ? (numbers.chance(mean / 3) ? 3 : 2) : 1
    for _ in 0..<count {
      let day = integer(0...13)
      let ordinal = integer(0...(family.facts.pool ?? 1) - 1)
      var seconds = Double(integer(0...86_000))
      for _ in 0...(numbers.chance(0.3) ? 4 : 0) {
        var lookup = family.lookup(
          day: day + Population.daysBefore, seconds: seconds, ordinal: ordinal,
          clockDay: day + Population.daysBefore)
        lookup.qtype = pick([1, 28])
        person.lookups.append(lookup)
        if numbers.chance(0.5) {
          lookup.qtype = 65
          person.lookups.append(lookup)
        }
        seconds += Double(integer(60...20_000))
      }
    }
    return person
  }

  private mutating func collidingFamily() -> Malware {
    var left = numbers.unit() * Malware.all.reduce(0) { $0 + $1.collisions }
    for family in Malware.all where family.collisions > 0 {
      left -= family.collisions
      if left < 0 { return family }
    }
    return Malware.all[0]
  }

  /// Somebody who works through lists: several families, or several days of one.
  mutating func analyst(kind: Person.Kind = .analyst) -> Person {
    var person = Person(kind: kind)
    person.network = kind == .scanner ? .hosting : .customers
    let families = kind == .scanner ? Malware.all : Malware.all.filter { _ in numbers.chance(0.5) }
    let day = integer(0...13)
    var seconds = Double(integer(0...40_000))
    for family in families {
      for offset in [0, -7, 3, -30].prefix(numbers.chance(0.5) ? 4 : 1) {
        for ordinal in 0..<min(60, family.facts.pool ?? 1) {
          var lookup = family.lookup(
            day: day + Population.daysBefore, seconds: seconds, ordinal: ordinal,
            clockDay: day + offset + Population.daysBefore)
          lookup.qtype = numbers.chance(0.2) ? pick([2, 6, 16, 255]) : 1
          person.lookups.append(lookup)
          seconds += 0.05
        }
      }
    }
    return person
  }

  /// A mail server that looks up what it finds in mail.
  mutating func relay() -> Person {
    var person = Person(kind: .relay)
    person.network = numbers.chance(0.5) ? .mail : .customers
    for _ in 0..<integer(1...25) {
      let family = pick(Malware.all)
      let day = integer(0...13)
      var lookup = family.lookup(
        day: day + Population.daysBefore, seconds: Double(integer(0...86_000)),
        ordinal: integer(0...(family.facts.pool ?? 1) - 1),
        clockDay: max(0, day - integer(0...2)) + Population.daysBefore)
      lookup.qtype = pick([15, 15, 16, 1])
      person.lookups.append(lookup)
    }
    return person
  }

  /// A line whose address somebody else forges.
  mutating func spoofed() -> Person {
    var person = Person(kind: .spoofed)
    let family = pick(Malware.all)
    let day = integer(0...13)
    for index in 0..<integer(1...80) {
      var lookup = family.lookup(
        day: day + Population.daysBefore, seconds: 3600 * Double(index % 5) + Double(index),
        ordinal: index % (family.facts.pool ?? 1), clockDay: day + Population.daysBefore)
      lookup.isVerified = false
      lookup.wasChallenged = true
      person.lookups.append(lookup)
    }
    return person
  }

  /// A browser that a web page makes ask for names.
  mutating func browser() -> Person {
    var person = Person(kind: .browser)
    let family = pick(Malware.all)
    let day = integer(0...13)
    for index in 0..<integer(1...8) {
      for qtype in [1, 28, 65] as [UInt16] {
        var lookup = family.lookup(
          day: day + Population.daysBefore, seconds: 40_000 + Double(index),
          ordinal: integer(0...(family.facts.pool ?? 1) - 1),
          clockDay: day + Population.daysBefore)
        lookup.qtype = qtype
        person.lookups.append(lookup)
      }
    }
    return person
  }
}
