import CheckedYAML
package import DGAKit
import DNSWire
import DomainIndex
import ListSources

/// Looks for names that several variants give, that are popular, or that are never swallowed.
///
/// Memory is bounded: when the names do not fit into the table, the search is done again in twice
/// as many parts, each of which keeps only the names whose hash belongs to it. The result is the
/// same for the same models, whatever the number of parts.
package struct CollisionSearch {
  /// Most names listed of each kind.
  package static let mostListed = 1_000_000
  /// Slots of the table of names: 400 MB, 25 million names a part.
  private static let tableSlots = 1 << 25
  /// A fixed key, so that a search can be repeated; nobody chooses names to hit this table.
  private static let hashKey = SipHash.Key(low: 0x706f_6e6f_7220_636f, high: 0x6c6c_6964_6520_3031)

  private let inputs: GenerationInputs
  private let window: GenerationWindow
  private let catalogue: ModelCatalogue
  private let mostSlots: Int

  /// Prepares a search over the models' names in a window of time; feeds take no part.
  ///
  /// - Parameter mostSlots: size of the table, a power of two; nil for the usual one.
  package init(
    _ inputs: GenerationInputs, window: GenerationWindow, catalogue: ModelCatalogue,
    mostSlots: Int? = nil
  ) {
    self.inputs = inputs.forModelsOnly
    self.window = window
    self.catalogue = catalogue
    self.mostSlots = mostSlots ?? Self.tableSlots
  }

  /// Searches.
  ///
  /// - Parameters:
  ///   - popular: file of popular names, `rank,domain`.
  ///   - top: ranks of it that count.
  /// - Throws: `SourceProblem` when the file cannot be read.
  package func run(popular: String? = nil, top: Int = .max) throws -> CollisionReport {
    var parts: UInt64 = 1
    var found = try first(popular, top)
    while try !walk(parts: parts, into: &found) {
      parts *= 2
      found = try first(popular, top)
    }
    var report = found.report(catalogue)
    if let popular { try rank(&report, from: popular, top) }
    return report
  }

  private func first(_ popular: String?, _ top: Int) throws -> Findings {
    let (gate, problems) = NameGate.load(inputs)
    var findings = Findings(gate: gate)
    findings.problems = problems
    guard let popular else { return findings }
    let shared = Set(catalogue.families.flatMap { $0.metadata.variants }.flatMap(\.sharedSuffixes))
    var names = ProtectedNames()
    let report = try PopularityFile.read(popular, top: top) { name, _ in
      let text = String(decoding: name.indices.map { name[$0] }, as: UTF8.self)
      let isShared =
        shared.contains(text)
        || ProtectedNames.builtIn.collides(name)?.relation == .sharedSuffix
      names.insert(text, isShared ? .sharedSuffix : .tree)
    }
    findings.problems += report.problems.map(\.description)
    findings.popularNames = names
    return findings
  }

  /// Walks all names once for each part; false when one part's names did not fit.
  private func walk(parts: UInt64, into found: inout Findings) throws -> Bool {
    for part in 0..<parts {
      var table = OwnerTable(mostSlots: mostSlots)
      var walk = NameWalk(inputs, window: window, catalogue: catalogue)
      var generator: UInt32 = 0
      var isFull = false
      try walk.run { origin, _, _ in
        generator = found.number(of: origin)
      } take: { item in
        guard !isFull else { return }
        let hash = SipHash.hash(item.name.canonicalBytes, key: Self.hashKey)
        guard hash.high % parts == part else { return }
        switch table.enter(hash.low, generator: generator) {
        case .full: isFull = true
        case .added: found.takeNew(item.name, generator, isProtected: item.isColliding)
        case .known(let first): found.take(item.name, hash.low, first: first, generator)
        }
      }
      guard !isFull else { return false }
      found.distinctNames += table.count
      if part == 0 { found.problems += walk.report.problems }
    }
    return true
  }

  /// Looks the ranks up of the popular names that were met.
  private func rank(_ report: inout CollisionReport, from path: String, _ top: Int) throws {
    guard !report.popular.isEmpty else { return }
    var ranks: [String: Int] = [:]
    // For a name above popular ones: the most popular of them.
    var best: [String: (rank: Int, popular: String)] = [:]
    for hit in report.popular {
      if hit.relation == "above" { best[hit.name] = (.max, "") } else { ranks[hit.popular] = .max }
    }
    _ = try PopularityFile.read(path, top: top) { name, rank in
      let text = String(decoding: name.indices.map { name[$0] }, as: UTF8.self)
      if let known = ranks[text] { ranks[text] = min(known, rank) }
      guard !best.isEmpty else { return }
      var rest = text[...]
      while let dot = rest.firstIndex(of: ".") {
        rest = rest[rest.index(after: dot)...]
        if let known = best[String(rest)], rank < known.rank { best[String(rest)] = (rank, text) }
      }
    }
    for index in report.popular.indices {
      let hit = report.popular[index]
      if let (rank, popular) = best[hit.name], hit.relation == "above" {
        (report.popular[index].rank, report.popular[index].popular) = (rank, popular)
      } else {
        report.popular[index].rank = ranks[hit.popular] ?? .max
      }
    }
    report.popular.sort { ($0.rank, $0.name) < ($1.rank, $1.name) }
  }
}

extension GenerationInputs {
  /// The same without feeds, limits and grace: what the models themselves give.
  fileprivate var forModelsOnly: GenerationInputs {
    var inputs = self
    inputs.feeds = []
    inputs.graceSeconds = 0
    inputs.maximumNames = .max
    return inputs
  }
}

// MARK: - Findings

/// What was found so far.
private struct Findings {
  private struct SharedName {
    var name: String
    var generators: [UInt32]
  }

  private let gate: NameGate
  var popularNames: ProtectedNames?
  var problems: [String] = []
  var distinctNames = 0
  private var generators: [GeneratorID] = []
  private var numbers: [IndexGenerator: UInt32] = [:]
  private var models: [UInt32] = []
  private var modelNumbers: [String: UInt32] = [:]
  private var shared: [UInt64: SharedName] = [:]
  private var popular: [CollisionReport.Popular] = []
  private var protected: [CollisionReport.Protected] = []
  private var isCut = false
  private var text: [UInt8] = []

  init(gate: NameGate) { self.gate = gate }

  mutating func number(of origin: IndexGenerator) -> UInt32 {
    if let known = numbers[origin] { return known }
    let number = UInt32(generators.count)
    numbers[origin] = number
    generators.append(
      GeneratorID(family: origin.family, variant: origin.variant, seed: origin.seed))
    let model = "\(origin.family)/\(origin.variant)"
    let modelNumber = modelNumbers[model] ?? UInt32(modelNumbers.count)
    modelNumbers[model] = modelNumber
    models.append(modelNumber)
    return number
  }

  private func isSameModel(_ left: UInt32, _ right: UInt32) -> Bool {
    models[Int(left)] == models[Int(right)]
  }

  /// A name met for the first time.
  mutating func takeNew(_ name: borrowing NameBuffer, _ generator: UInt32, isProtected: Bool) {
    guard isProtected || popularNames != nil else { return }
    name.writeText(into: &text)
    if isProtected, let reason = gate.reason(text.span), hasRoom(protected.count) {
      protected.append(
        .init(name: string, generator: generators[Int(generator)], reason: reason))
    }
    guard let reason = popularNames?.collides(text), reason.relation != .topLevel,
      hasRoom(popular.count)
    else { return }
    let relation =
      switch reason.relation {
      case .below: "below"
      case .above: "above"
      default: "equal"
      }
    popular.append(
      .init(
        name: string, generator: generators[Int(generator)], relation: relation,
        popular: reason.name, rank: .max))
  }

  /// A name met before.
  mutating func take(
    _ name: borrowing NameBuffer, _ hash: UInt64, first: UInt32, _ generator: UInt32
  ) {
    guard !isSameModel(first, generator) else { return }
    if let known = shared[hash] {
      let isNew = !known.generators.contains { isSameModel($0, generator) }
      if isNew { shared[hash]?.generators.append(generator) }
    } else if hasRoom(shared.count) {
      name.writeText(into: &text)
      shared[hash] = SharedName(name: string, generators: [first, generator])
    }
  }

  private mutating func hasRoom(_ count: Int) -> Bool {
    if count >= CollisionSearch.mostListed { isCut = true }
    return count < CollisionSearch.mostListed
  }

  private var string: String { String(decoding: text, as: UTF8.self) }

  func report(_ catalogue: ModelCatalogue) -> CollisionReport {
    var report = CollisionReport()
    report.distinctNames = distinctNames
    report.models = modelNumbers.count
    report.problems = problems
    report.isCut = isCut
    report.popular = popular
    report.protected = protected.sorted { $0.name < $1.name }
    report.shared = shared.values.map { entry in
      .init(name: entry.name, generators: entry.generators.sorted().map { generators[Int($0)] })
    }.sorted { $0.name < $1.name }
    var counts: [[String]: Int] = [:]
    for entry in report.shared { counts[entry.generators.map(\.model), default: 0] += 1 }
    report.overlaps = counts.map { .init(models: $0.key, names: $0.value) }.sorted {
      $0.names != $1.names ? $0.names > $1.names : $0.models.lexicographicallyPrecedes($1.models)
    }
    return report
  }
}

extension GeneratorID {
  /// `family` or `family/variant`.
  fileprivate var model: String { variant.isEmpty ? family : "\(family)/\(variant)" }
}

extension NameBuffer {
  /// The name in lower case, labels joined by dots, without a dot at the end.
  fileprivate func writeText(into text: inout [UInt8]) {
    text.removeAll(keepingCapacity: true)
    for label in 0..<labelCount {
      if label > 0 { text.append(UInt8(ascii: ".")) }
      let start = labelOffset(label)
      for index in 0..<Int(canonical[start]) { text.append(canonical[start + 1 + index]) }
    }
  }
}
