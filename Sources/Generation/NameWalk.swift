import DGAKit
package import DNSWire
package import DomainIndex
import ListSources

/// Walks through all names of a window: every family, seed and period, then every feed.
///
/// One broken family or feed never stops the others: it is reported and left out.
package struct NameWalk {
  /// A name on its way into an index or a list.
  package struct Item: ~Copyable {
    /// The name.
    package let name: NameBuffer
    /// Place in its list, from 0.
    package let ordinal: Int
    /// Whether it collides with a protected name.
    package let isColliding: Bool
  }

  /// Takes the start of a list: all names until the next call share it.
  package typealias BeginRow = (IndexGenerator, _ validFrom: Int64, _ validTo: Int64) throws ->
    Void
  /// Takes a name.
  package typealias TakeName = (borrowing Item) -> Void

  /// Names taken of one list; a model that gives more is cut there and reported.
  package static let longestList = 2_000_000

  let inputs: GenerationInputs
  let window: GenerationWindow
  private let gate: NameGate
  /// What was met so far.
  package internal(set) var report = GenerationReport()
  private var name = NameBuffer()

  /// Prepares a walk.
  package init(_ inputs: GenerationInputs, window: GenerationWindow) {
    self.inputs = inputs
    self.window = window
    let (gate, problems) = NameGate.load(inputs)
    self.gate = gate
    report.problems = problems
  }

  /// Walks everything.
  ///
  /// - Throws: `GenerationError.tooManyNames`, or what `begin` throws.
  package mutating func run(begin: BeginRow, take: TakeName) throws {
    let loaded = CatalogueLoader.load(inputs)
    report.problems += loaded.problems
    for id in loaded.catalogue.generatorIDs where isWanted(id) {
      guard let generator = make(id, in: loaded.catalogue) else { continue }
      try walk(generator, begin, take)
    }
    for feed in inputs.feeds { try walkFeed(feed, begin, take) }
  }

  private mutating func make(_ id: GeneratorID, in catalogue: ModelCatalogue) -> Generator? {
    do throws(CatalogueError) {
      return try catalogue.generator(id)
    } catch {
      report.problems.append("\(id): \(error)")
      return nil
    }
  }

  private func isWanted(_ id: GeneratorID) -> Bool {
    let names = [id.family, "\(id.family)/\(id.variant)"]
    if let families = inputs.families, !names.contains(where: families.contains) { return false }
    return !names.contains(where: inputs.excluded.contains)
  }

  // MARK: - Models

  private mutating func walk(
    _ generator: Generator, _ begin: BeginRow, _ take: TakeName
  ) throws {
    guard generator.seed.isActive else { return }
    if case .unpredictable = generator.variant.predictability { return }
    let id = generator.id
    let origin = IndexGenerator(
      family: id.family, variant: id.variant, seed: id.seed, kind: .model)
    let grace = inputs.graceSeconds
    let first = window.start.adding(seconds: -grace)
    let last = window.end.adding(seconds: grace)
    for period in generator.periods(from: first, to: last) {
      let at = period.contains(first) ? first : period.start
      try walk(generator, period, at: at, origin, begin, take)
    }
  }

  private mutating func walk(
    _ generator: Generator, _ period: Period, at instant: Instant, _ origin: IndexGenerator,
    _ begin: BeginRow, _ take: TakeName
  ) throws {
    var interval = period
    try beginRow(origin, interval, begin)
    var failure: (any Error)?
    generator.forEachName(at: instant) { name, ordinal in
      let own = name.validity ?? period
      if own != interval {
        interval = own
        do { try beginRow(origin, own, begin) } catch { failure = error }
      }
      add(name.bytes, ordinal: ordinal, origin, take)
      return failure == nil && ordinal + 1 < Self.longestList
    }
    if let failure { throw failure }
    try checkSize()
  }

  func beginRow(
    _ origin: IndexGenerator, _ period: Period, _ begin: BeginRow
  ) throws {
    let grace = inputs.graceSeconds
    let from =
      period.start == .distantPast ? Int64.min : period.start.unixSeconds - grace
    let to = period.end == .distantFuture ? Int64.max : period.end.unixSeconds + grace
    try begin(origin, from, to)
  }

  mutating func add(
    _ text: Span<UInt8>, ordinal: Int, _ origin: IndexGenerator, _ take: TakeName
  ) {
    var count = report.families[origin.family] ?? .init()
    defer { report.families[origin.family] = count }
    count.names += 1
    do throws(WireError) {
      try name.load(text: text)
    } catch {
      count.invalid += 1
      return
    }
    let reason = gate.reason(text)
    if let reason {
      count.colliding += 1
      note(reason, text, origin)
    }
    take(Item(name: name, ordinal: ordinal, isColliding: reason != nil))
  }

  private mutating func note(_ reason: String, _ text: Span<UInt8>, _ origin: IndexGenerator) {
    guard report.collisions.count < GenerationReport.collisionLimit else { return }
    let shown = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    report.collisions.append(
      .init(
        name: shown, generator: "\(origin.family) \(origin.variant) \(origin.seed)",
        reason: reason))
  }

  func checkSize() throws {
    let total = report.totalNames
    guard total <= inputs.maximumNames else {
      throw GenerationError.tooManyNames(total, limit: inputs.maximumNames)
    }
  }
}

/// Why a generation is refused as a whole.
package enum GenerationError: Error, Equatable, CustomStringConvertible {
  /// More names than the operator allows.
  case tooManyNames(Int, limit: Int)

  package var description: String {
    switch self {
    case .tooManyNames(let count, let limit):
      "more than \(limit) names (\(count) so far): raise index.max_names or exclude families"
    }
  }
}
