import DGAKit
import DGAModels
import Testing

@Suite("What holds for every model in the registry")
struct RegistryTests {
  static let catalogue = ModelCatalogue(models: builtInModels, resources: Vectors.resources())
  static let ids = catalogue.generatorIDs.filter { !needsAbsentList($0) }

  /// Instants at which calendar mistakes show: ends of months, leap days, turns of the year.
  static let instants = [
    "2016-02-29T23:59:59Z", "2024-12-31T12:00:00Z", "2025-02-28", "2026-11-23T13:37:00Z",
    "2027-01-01", "2027-01-31T06:00:00Z",
  ].compactMap { Instant($0) }

  private static func needsAbsentList(_ id: GeneratorID) -> Bool {
    do {
      _ = try catalogue.generator(id)
      return false
    } catch {
      if case .model(_, let reason) = error { return reason.isAboutWordList }
      return false
    }
  }

  @Test("the registry lists a type for each file, in order, with metadata that agrees")
  func registry() {
    let families = Self.catalogue.knownFamilies
    #expect(families.count >= 15)
    #expect(Set(families).count == families.count)
    for family in Self.catalogue.families {
      let metadata = family.metadata
      #expect(metadata.family == metadata.family.lowercased())
      #expect(!metadata.variants.isEmpty)
      #expect(!metadata.references.isEmpty)
      #expect(!family.seeds.isEmpty)
      let keys = family.seeds.map { "\($0.variant) \($0.label)" }
      #expect(Set(keys).count == keys.count, "\(metadata.family): seed labels repeat")
      for seed in family.seeds {
        #expect(metadata.variant(named: seed.variant) != nil, "\(metadata.family) \(seed.label)")
        #expect(!seed.reference.isEmpty, "\(metadata.family) \(seed.label) has no reference")
      }
    }
  }

  @Test("known answers hold, and there are enough of them", arguments: catalogue.knownFamilies)
  func knownAnswers(family: String) throws {
    for result in try Self.catalogue.verify(family: family) {
      switch result.outcome {
      case .passed: break
      case .failed(let reason):
        Issue.record("\(result.generator) \(result.instant?.description ?? ""): \(reason)")
      case .unavailable:
        #expect(Vectors.wordListFolder == nil, "\(result.generator): \(result.outcome)")
      }
    }
  }

  @Test("two instances and two walks give the same names", arguments: ids)
  func determinism(id: GeneratorID) throws {
    let generator = try Self.catalogue.generator(id)
    let again = try Self.catalogue.generator(id)
    for instant in Self.instants.prefix(2) {
      let names = generator.names(at: instant, limit: 300)
      #expect(names == generator.names(at: instant, limit: 300))
      #expect(names == again.names(at: instant, limit: 300))
    }
  }

  @Test("names are DNS names under the declared suffixes, as many as declared", arguments: ids)
  func shape(id: GeneratorID) throws {
    let generator = try Self.catalogue.generator(id)
    let suffixes = generator.variant.topLevelDomains
    for instant in Self.instants.suffix(2) {
      var count = 0
      var faults: [String] = []
      generator.forEachName(at: instant) { name, _ in
        count += 1
        let isDeclared =
          suffixes == ["*"] || suffixes.contains { name.text.hasSuffix("." + $0) }
        let isCurrent = name.validity?.contains(instant) ?? true
        let isName = name.isValidDNSName || generator.variant.invalidNames != nil
        if !isName || !isDeclared || !isCurrent { faults.append(name.text) }
        return true
      }
      #expect(faults.isEmpty, "\(id) \(instant): \(faults.prefix(3))")
      #expect(generator.variant.namesPerPeriod.allows(count), "\(id): \(count) names")
    }
  }

  @Test("a list holds for its whole period, and periods follow each other", arguments: ids)
  func periods(id: GeneratorID) throws {
    let generator = try Self.catalogue.generator(id)
    for instant in Self.instants {
      let period = generator.period(containing: instant)
      #expect(period.contains(instant))
      // Some lists begin with names that never change: a whole list decides whether one changed.
      let names = generator.names(at: instant, limit: 10_000)
      let last = period.end.adding(seconds: -1)
      for other in [period.start, last] {
        #expect(generator.period(containing: other) == period, "\(id) at \(other)")
        #expect(generator.names(at: other, limit: 10_000) == names, "\(id) at \(other)")
      }
      guard period != .always else {
        #expect(!generator.variant.isTimeDependent)
        continue
      }
      let next = generator.period(containing: period.end)
      #expect(next.start == period.end)
      #expect(generator.names(at: period.end, limit: 10_000) != names, "\(id) at \(period.end)")
    }
  }

  @Test("a name's own validity is where the lists really have it", arguments: ids)
  func validity(id: GeneratorID) throws {
    let generator = try Self.catalogue.generator(id)
    let instant = Self.instants[3]
    var checks: [(name: String, period: Period)] = []
    generator.forEachName(at: instant) { name, ordinal in
      guard let period = name.validity else { return false }
      if ordinal % 40 < 6 { checks.append((name.text, period)) }
      return true
    }
    for (name, period) in checks {
      var inside = [period.start]
      var outside = [period.start.adding(seconds: -1)]
      // Nothing comes after the end of time.
      if period.end < .distantFuture {
        inside.append(period.end.adding(seconds: -1))
        outside.append(period.end)
      }
      for instant in inside { #expect(generator.names(at: instant).contains(name), "\(id)") }
      for instant in outside { #expect(!generator.names(at: instant).contains(name), "\(id)") }
    }
  }

  @Test("instants far outside the calendar do no harm", arguments: ids)
  func extremes(id: GeneratorID) throws {
    let generator = try Self.catalogue.generator(id)
    for instant in [.distantPast, .distantFuture, Instant(unixSeconds: -1)] as [Instant] {
      #expect(generator.period(containing: instant).start <= instant)
      let count = generator.names(at: instant, limit: 3).count
      #expect(count > 0 || generator.variant.namesPerPeriod.allows(0))
    }
    for instant in [Instant(unixSeconds: .min), Instant(unixSeconds: .max)] {
      let nearest: Instant = instant < .distantPast ? .distantPast : .distantFuture
      #expect(generator.names(at: instant, limit: 3) == generator.names(at: nearest, limit: 3))
      #expect(generator.period(containing: instant) == generator.period(containing: nearest))
    }
  }
}
