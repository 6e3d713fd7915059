package import DGAKit
package import DNSWire
package import DomainIndex
import ListSources

/// Walks through all names of a window: every family, seed and period, then every feed.
///
/// One broken family or feed never stops the others: it is reported and left out. A model cannot
/// make the walk endless either, nor fill the memory: lists are cut at `longestList`, a period that
/// leads nowhere ends its generator's walk, and the sum of all names is limited by the operator.
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
  private let catalogue: ModelCatalogue
  private let gate: NameGate
  /// What was met so far.
  package internal(set) var report = GenerationReport()
  private var name = NameBuffer()
  /// Counts of the list or feed being walked: no dictionary is asked for each name.
  private(set) var counts = GenerationReport.FamilyCount()
  /// Names counted before those in `counts`.
  private var settledNames = 0

  /// Prepares a walk through the built-in models with the word lists and seeds the inputs name.
  package init(_ inputs: GenerationInputs, window: GenerationWindow) {
    let loaded = CatalogueLoader.load(inputs)
    self.init(inputs, window: window, catalogue: loaded.catalogue)
    report.problems += loaded.problems
  }

  /// Prepares a walk through the models of a catalogue.
  package init(_ inputs: GenerationInputs, window: GenerationWindow, catalogue: ModelCatalogue) {
    self.inputs = inputs
    self.window = window
    self.catalogue = catalogue
    let (gate, problems) = NameGate.load(inputs)
    self.gate = gate
    report.problems = problems
  }

  /// Walks everything.
  ///
  /// - Throws: `GenerationError.tooManyNames`, or what `begin` throws.
  package mutating func run(begin: BeginRow, take: TakeName) throws {
    for id in catalogue.generatorIDs where isWanted(id) {
      guard let generator = make(id) else { continue }
      try walk(generator, begin, take)
    }
    for feed in inputs.feeds { try walkFeed(feed, begin, take) }
    try walkDelegated(begin, take)
  }

  private mutating func make(_ id: GeneratorID) -> Generator? {
    do throws(CatalogueError) {
      return try catalogue.generator(id)
    } catch {
      note(error, of: id)
      return nil
    }
  }

  /// A word list serves many seeds: its absence is reported once.
  private mutating func note(_ error: CatalogueError, of id: GeneratorID) {
    guard case .model(_, let reason) = error, reason.isAboutWordList else {
      report.problems.append("\(id): \(error)")
      return
    }
    let line = "\(error)"
    if !report.problems.contains(line) { report.problems.append(line) }
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
    var state = GeneratorWalk(generator)
    let (early, late) = margins(of: state.origin)
    // Whatever is valid in the window once it is widened.
    var instant = window.start.adding(seconds: -late)
    let last = window.end.adding(seconds: early)
    while instant < last {
      let period = generator.period(containing: instant)
      guard period.contains(instant) else {
        report.problems.append(
          "\(generator.id): the model says that \(period) contains \(instant); lists from then on"
            + " are left out")
        break
      }
      guard try walk(&state, period, at: instant, begin, take) else { break }
      instant = period.end
    }
    noteInvalid(state.invalid, of: generator)
  }

  /// Walks one list; false when it had to be cut.
  private mutating func walk(
    _ state: inout GeneratorWalk, _ period: Period, at instant: Instant, _ begin: BeginRow,
    _ take: TakeName
  ) throws -> Bool {
    let origin = state.origin
    var interval: Period?
    var failure: (any Error)?
    var isWhole = true
    state.generator.forEachName(at: instant) { name, ordinal in
      isWhole = ordinal < Self.longestList
      guard isWhole else { return false }
      guard state.isNew(name) else { return true }
      let own = name.validity ?? period
      if own != interval {
        interval = own
        do { try beginRow(origin, own, begin) } catch { failure = error }
      }
      guard failure == nil else { return false }
      add(name.bytes, ordinal: ordinal, origin, take)
      return true
    }
    state.invalid += counts.invalid
    settle(origin.family)
    if let failure { throw failure }
    if !isWhole {
      report.problems.append(
        "\(state.generator.id): the list of \(instant) has more than \(Self.longestList) names; it"
          + " was cut there, later lists are left out")
    }
    try checkSize()
    return isWhole
  }

  private mutating func noteInvalid(_ count: Int, of generator: Generator) {
    guard count > 0, generator.variant.invalidNames == nil else { return }
    report.problems.append("\(generator.id): \(count) names are no DNS names and were left out")
  }

  // MARK: - Rows and names

  /// Seconds by which validity is widened before and after what the malware's clock shows.
  private func margins(of origin: IndexGenerator) -> (early: Int64, late: Int64) {
    let spread = origin.clock == .local ? TimeZoneSpread.earth : .none
    return (inputs.graceSeconds + spread.early, inputs.graceSeconds + spread.late)
  }

  func beginRow(
    _ origin: IndexGenerator, _ period: Period, _ begin: BeginRow
  ) throws {
    let (early, late) = margins(of: origin)
    let from = period.start == .distantPast ? nil : period.start.adding(seconds: -early)
    let to = period.end == .distantFuture ? nil : period.end.adding(seconds: late)
    try begin(origin, from?.unixSeconds ?? .min, to?.unixSeconds ?? .max)
  }

  mutating func add(
    _ text: Span<UInt8>, ordinal: Int, _ origin: IndexGenerator, _ take: TakeName
  ) {
    counts.names += 1
    do throws(WireError) {
      try name.load(text: text)
    } catch {
      counts.invalid += 1
      return
    }
    let reason = gate.reason(text)
    if let reason {
      counts.colliding += 1
      note(reason, text, origin)
    }
    take(Item(name: name, ordinal: ordinal, isColliding: reason != nil))
  }

  /// Adds what was counted since the last call to a family.
  mutating func settle(_ family: String) {
    report.families[family, default: .init()] += counts
    settledNames += counts.names
    counts = .init()
  }

  private mutating func note(_ reason: String, _ text: Span<UInt8>, _ origin: IndexGenerator) {
    guard report.collisions.count < GenerationReport.collisionLimit else { return }
    let shown = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    report.collisions.append(
      .init(
        name: shown,
        generator: GeneratorID(family: origin.family, variant: origin.variant, seed: origin.seed)
          .description,
        reason: reason))
  }

  func checkSize() throws {
    let total = settledNames + counts.names
    guard total <= inputs.maximumNames else {
      throw GenerationError.tooManyNames(total, limit: inputs.maximumNames)
    }
  }
}

// MARK: - One generator

/// A generator whose lists are being walked.
private struct GeneratorWalk {
  let generator: Generator
  let origin: IndexGenerator
  /// Names met that are no DNS names.
  var invalid = 0
  /// Hashes of the names with a validity of their own that were met.
  private var seen: Set<UInt64> = []

  init(_ generator: Generator) {
    self.generator = generator
    origin = IndexGenerator(generator)
  }

  /// Whether a name is to be taken: one with a validity of its own stands in many lists, moving up
  /// from one to the next, and counts where it first appears.
  mutating func isNew(_ name: borrowing DomainBuffer) -> Bool {
    guard let own = name.validity else { return true }
    // FNV-1a; a model has no reason to aim at it.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for position in 0..<name.count {
      hash = (hash ^ UInt64(name[position])) &* 0x0000_0100_0000_01B3
    }
    hash ^= UInt64(bitPattern: own.start.unixSeconds) &* 0x9E37_79B9_7F4A_7C15
    hash ^= UInt64(bitPattern: own.end.unixSeconds) &* 0xC2B2_AE3D_27D4_EB4F
    return seen.insert(hash).inserted
  }
}

extension IndexGenerator {
  /// What an index records of a generator.
  fileprivate init(_ generator: Generator) {
    let clock: Clock =
      switch generator.variant.clock {
      case .none: .none
      case .utc: .utc
      case .local: .local
      case .unstated: .unstated
      }
    let id = generator.id
    self.init(family: id.family, variant: id.variant, seed: id.seed, kind: .model, clock: clock)
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
