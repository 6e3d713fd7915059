/// Names one generator: a family, a variant and a seed.
public struct GeneratorID: Sendable, Hashable {
  /// The family's id.
  public var family: String
  /// The variant; `""` for a family's only or default one.
  public var variant: String
  /// The seed's label.
  public var seed: String

  /// Names a generator.
  public init(family: String, variant: String = "", seed: String) {
    self.family = family
    self.variant = variant
    self.seed = seed
  }
}

extension GeneratorID: CustomStringConvertible {
  /// `family[/variant] seed label`.
  public var description: String { "\(selectorText(family, variant)) seed \(seed)" }
}

/// A model made from a seed, ready to give names.
public struct Generator: Sendable {
  /// Which one it is.
  public let id: GeneratorID
  /// The family's metadata.
  public let metadata: ModelMetadata
  /// The variant's facts.
  public let variant: VariantInfo
  /// The seed it was made from.
  public let seed: Seed
  /// The model itself.
  public let model: any DGAModel

  /// The period around an instant during which the list stays the same.
  ///
  /// Instants outside `Instant.distantPast ... .distantFuture` count as the nearer of these.
  public func period(containing instant: Instant) -> Period {
    model.period(containing: instant.clamped)
  }

  /// The periods that cover a window, in order; the first may start before it.
  public func periods(from start: Instant, to end: Instant) -> [Period] {
    var periods: [Period] = []
    var instant = start
    while instant < end {
      let period = period(containing: instant)
      periods.append(period)
      // A faulty model must not hang the caller.
      guard instant < period.end else { break }
      instant = period.end
    }
    return periods
  }

  /// Walks the list of an instant; stops early when `body` returns false.
  ///
  /// `body` gets the name, lent for the call, and its ordinal counted from 0. Nothing is allocated
  /// per name.
  public func forEachName(
    at instant: Instant, _ body: (_ name: borrowing DomainBuffer, _ ordinal: Int) -> Bool
  ) {
    walk(model, at: instant.clamped, body)
  }

  /// How many names the list of an instant has, duplicates included; walks the list.
  public func nameCount(at instant: Instant) -> Int {
    var count = 0
    forEachName(at: instant) { _, _ in
      count += 1
      return true
    }
    return count
  }

  /// The names of the list of an instant as texts, at most `limit` of them.
  public func names(at instant: Instant, limit: Int = .max) -> [String] {
    guard limit > 0 else { return [] }
    var names: [String] = []
    forEachName(at: instant) { name, ordinal in
      names.append(name.text)
      return ordinal + 1 < limit
    }
    return names
  }
}

extension Instant {
  /// The instant, or the nearest with a year of four digits: calendar arithmetic is safe on it.
  fileprivate var clamped: Instant { min(max(self, .distantPast), .distantFuture) }
}

private func walk<Model: DGAModel>(
  _ model: Model, at instant: Instant,
  _ body: (_ name: borrowing DomainBuffer, _ ordinal: Int) -> Bool
) {
  var names = model.names(at: instant)
  var name = DomainBuffer()
  var ordinal = 0
  while names.next(into: &name) {
    guard body(name, ordinal) else { return }
    ordinal &+= 1
  }
}
