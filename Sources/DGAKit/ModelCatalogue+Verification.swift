/// The outcome of one check of a family.
public struct VerificationResult: Sendable, Equatable {
  /// The generator checked; its seed is `""` for a check of the family as a whole.
  public var generator: GeneratorID
  /// The instant of the known answer; `nil` for a check that has none.
  public var instant: Instant?
  /// What came out.
  public var outcome: Outcome

  /// What came out of a check.
  public enum Outcome: Sendable, Equatable {
    /// The model gave what it must.
    case passed
    /// It did not, in words: what was expected, what came, what to do.
    case failed(String)
    /// It could not be tried, in words: for example, a word list is missing.
    case unavailable(String)
  }
}

extension ModelCatalogue {
  /// Runs the known answers of one family, or of all; throws only if the family is unknown.
  public func verify(family id: String? = nil) throws(CatalogueError) -> [VerificationResult] {
    guard let id else { return families.flatMap { verify($0) } }
    return verify(try family(id))
  }

  private func verify(_ family: Family) -> [VerificationResult] {
    let answers = family.model.knownAnswers
    return coverage(of: family, by: answers) + answers.map { check($0, of: family) }
  }

  /// Every variant needs a known answer, and three dates when its lists depend on time.
  private func coverage(of family: Family, by answers: [KnownAnswer]) -> [VerificationResult] {
    family.metadata.variants.compactMap { variant in
      let instants = Set(answers.filter { $0.variant == variant.name }.map { $0.instant })
      let needed = variant.isTimeDependent ? leastKnownDates : 1
      guard instants.count < needed else { return nil }
      return VerificationResult(
        generator: GeneratorID(
          family: family.metadata.family, variant: variant.name, seed: ""),
        outcome: .failed(
          "has known answers for \(instants.count) dates; add some until there are \(needed)"))
    }
  }

  private func check(_ answer: KnownAnswer, of family: Family) -> VerificationResult {
    let id = GeneratorID(
      family: family.metadata.family, variant: answer.variant, seed: answer.seed)
    var result = VerificationResult(
      generator: id, instant: answer.instant, outcome: .passed)
    do throws(CatalogueError) {
      let found = answer.found(by: try generator(id))
      result.outcome = answer.outcome(comparedWith: found)
    } catch {
      if case .model(_, let reason) = error, reason.isAboutWordList {
        result.outcome = .unavailable(reason.description)
      } else {
        result.outcome = .failed(error.description)
      }
    }
    return result
  }
}

/// Two dates can agree by accident of the calendar (both days 1-6, say); three rarely do.
private let leastKnownDates = 3

extension KnownAnswer {
  /// What a generator gives in this answer's place.
  fileprivate func found(by generator: Generator) -> KnownAnswer {
    let names = generator.names(at: instant)
    var found = self
    found.count = names.count
    found.first = names.first ?? ""
    found.middle = names.isEmpty ? "" : names[names.count / 2]
    found.last = names.last ?? ""
    return found
  }

  fileprivate func outcome(comparedWith found: KnownAnswer) -> VerificationResult.Outcome {
    if isPlaceholder {
      return .failed(
        "the known answer is still a placeholder: fill in count, first, middle (ordinal count/2)"
          + " and last from a sample or another source; the model now gives \(found.summary)")
    }
    guard self != found else { return .passed }
    return .failed("expected \(summary); the model gives \(found.summary)")
  }

  private var summary: String {
    "\(count) names, first \(first), middle \(middle), last \(last)"
  }
}
