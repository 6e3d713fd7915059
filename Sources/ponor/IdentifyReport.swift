import DGAKit
import Foundation
import Identification

/// What `models identify` found, as rows; each row is a line of text and an object of the JSON.
struct IdentifyReport: Encodable {
  let names: Names
  let known: [Known]
  let unknown: Unknown
  let algorithms: [Algorithm]
  let excluded: [Excluded]
  let searches: [Search]
  let seeds: [Found]

  /// Whether a known list or a convincing seed was found.
  var foundSomething: Bool { !known.isEmpty || seeds.contains { !$0.mayBeChance } }

  /// Chance matches are shown only to say that there are some.
  private static let shownChanceSeeds = 3
  private static let shownSeeds = 20

  init(
    observed: ObservedFile, window: Period, matches: [KnownMatch], unknown: ObservedNames,
    compared: ObservedNames, fits: [AlgorithmFit], outcomes: [SearchOutcome]
  ) {
    let total = observed.names.count
    names = Names(
      distinct: total, lines: observed.lineCount, from: window.start.description,
      until: window.end.description)
    known = matches.map { Known($0, of: total) }
    self.unknown = Unknown(
      count: unknown.count, percent: Self.percent(unknown.count, total), names: unknown.texts)
    algorithms = fits.filter { $0.fitCount > 0 }.map { Algorithm($0, of: compared.count) }
    excluded = fits.filter { $0.fitCount == 0 }.map { Excluded($0) }
    searches = outcomes.map { Search($0) }
    let chance = outcomes.flatMap(\.seeds).filter { !$0.isConvincing }
      .sorted { $0.chanceCount < $1.chanceCount }.prefix(Self.shownChanceSeeds)
    seeds =
      SeedCover.findings(outcomes).prefix(Self.shownSeeds).map { Found($0, of: unknown) }
      + chance.map { Found(SeedFinding(chance: $0), of: unknown) }
  }

  /// One line of text for each row; the last column may hold blanks.
  var lines: [String] {
    [names.line] + known.flatMap(\.lines) + [unknown.line] + algorithms.map(\.line)
      + excluded.map(\.line) + Search.lines(searches) + seeds.map(\.line)
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}

// MARK: - Rows

extension IdentifyReport {
  struct Names: Encodable {
    let distinct: Int
    let lines: Int
    let from: String
    let until: String

    var line: String { "names \(distinct) \(lines) \(from) \(until)" }
  }

  /// A known generator with its lists.
  struct Known: Encodable {
    let family: String
    let variant: String
    let seed: String
    let names: Int
    let percent: Double
    let namesMade: Int
    let otherLists: Int
    let lists: [List]

    /// Lists of one moment can be hundreds; the JSON has them all.
    private static let shownLists = 10

    struct List: Encodable {
      let names: Int
      let from: String?
      let until: String?
      let ordinals: [Int]
    }

    init(_ match: KnownMatch, of total: Int) {
      family = match.id.family
      variant = match.id.variant
      seed = match.id.seed
      names = match.positions.count
      percent = IdentifyReport.percent(names, total)
      namesMade = match.namesMade
      otherLists = match.otherLists
      lists = match.lists.map { list in
        List(
          names: list.ordinals.count, from: list.period.fromText, until: list.period.untilText,
          ordinals: list.ordinals.values.sorted())
      }
    }

    var lines: [String] {
      let generator = "\(selector(family, variant)) \(word(seed))"
      return ["known \(names) \(percentText(percent)) \(generator)"]
        + lists.prefix(Self.shownLists).map { list in
          "list \(list.names) \(generator) \(list.from ?? "always") \(list.until ?? "always")"
            + " \(ranges(list.ordinals))"
        }
    }
  }

  struct Unknown: Encodable {
    let count: Int
    let percent: Double
    let names: [String]

    var line: String { "unknown \(count) \(percentText(percent))" }
  }

  /// An algorithm that may have made the names.
  struct Algorithm: Encodable {
    let family: String
    let variant: String
    let names: Int
    let percent: Double
    let bitsPerName: Double
    let leastLength: Int
    let mostLength: Int
    let alphabet: String
    let searched: String?
    let suffixes: [String]
    let misfits: String

    init(_ fit: AlgorithmFit, of total: Int) {
      family = fit.family
      variant = fit.variant.name
      names = fit.fitCount
      percent = IdentifyReport.percent(fit.fitCount, total)
      bitsPerName = (fit.meanBits * 10).rounded() / 10
      leastLength = fit.profile.allowedLengths.lowerBound
      mostLength = fit.profile.allowedLengths.upperBound
      alphabet = fit.profile.alphabet
      searched = fit.searchSpace?.parameter
      suffixes = fit.profile.suffixTexts
      misfits = fit.misfitText
    }

    var line: String {
      let shown = suffixes.prefix(8).joined(separator: ",") + (suffixes.count > 8 ? ",…" : "")
      return "algorithm \(names) \(percentText(percent)) \(bitsPerName)"
        + " \(selector(family, variant)) \(leastLength)-\(mostLength) \(alphabet)"
        + " \(searched ?? "-") \(shown)" + (misfits.isEmpty ? "" : " others: \(misfits)")
    }
  }

  /// An algorithm that made none of the names.
  struct Excluded: Encodable {
    let family: String
    let variant: String
    let reason: String

    init(_ fit: AlgorithmFit) {
      family = fit.family
      variant = fit.variant.name
      reason = fit.problem ?? fit.misfitText
    }

    var line: String { "excluded \(selector(family, variant)) \(reason)" }
  }
}

extension IdentifyReport {
  /// One search that was made.
  struct Search: Encodable {
    let family: String
    let variant: String
    let parameter: String
    let from: String?
    let until: String?
    let firstOrdinal: Int
    let lastOrdinal: Int
    let low: UInt32
    let high: UInt32
    let tried: UInt64
    let seconds: Double
    let matches: Int
    let expectedByChance: Double

    init(_ outcome: SearchOutcome) {
      let job = outcome.job
      family = job.family
      variant = job.template.variant
      parameter = job.space.parameter
      from = job.period.fromText
      until = job.period.untilText
      firstOrdinal = job.ordinals.lowerBound
      lastOrdinal = job.ordinals.upperBound - 1
      low = job.values.lowerBound
      high = job.values.upperBound
      tried = outcome.tried
      seconds = (outcome.seconds * 1_000).rounded() / 1_000
      matches = outcome.matchCount
      expectedByChance = outcome.chanceMatches
    }

    /// One line for the searches that differ only in their dates and other parameters.
    static func lines(_ searches: [Search]) -> [String] {
      var keys: [String] = []
      var groups: [String: [Search]] = [:]
      for search in searches {
        let key =
          "\(selector(search.family, search.variant)) \(search.parameter)"
          + " \(hex(search.low))..\(hex(search.high)) \(search.firstOrdinal)-\(search.lastOrdinal)"
        if groups[key] == nil { keys.append(key) }
        groups[key, default: []].append(search)
      }
      return keys.map { key in
        let group = groups[key] ?? []
        let tried = group.reduce(0) { $0 + $1.tried }
        let seconds = group.reduce(0) { $0 + $1.seconds }
        let chance = group.reduce(0) { $0 + $1.expectedByChance }
        let matches = group.reduce(0) { $0 + $1.matches }
        return "search \(key) \(group.count) \(tried) \(matches) \(chanceText(chance))"
          + String(format: " %.1f", seconds)
          + " \(SearchProgressLine.amount(Double(tried) / max(1e-3, seconds))) seeds/s"
      }
    }
  }

  /// A seed that was found.
  struct Found: Encodable {
    let family: String
    let variant: String
    let value: UInt32
    let parameters: [String: ParameterValue]
    let names: Int
    let percent: Double
    let expectedByChance: Double
    let mayBeChance: Bool
    let from: String?
    let until: String?
    let ordinals: [Int]
    let equalValues: [UInt32]

    init(_ finding: SeedFinding, of unknown: ObservedNames) {
      let found = finding.found
      family = found.job.family
      variant = found.job.template.variant
      value = found.value
      parameters = found.seed.parameters.mapValues { ParameterValue($0) }
      names = found.ordinals.count
      percent = IdentifyReport.percent(names, unknown.count)
      expectedByChance = found.chanceCount
      mayBeChance = !found.isConvincing
      from = found.job.period.fromText
      until = found.job.period.untilText
      ordinals = found.ordinals.values.sorted()
      equalValues = finding.equalValues
    }

    var line: String {
      let equals = equalValues.prefix(4).map { hex($0) }.joined(separator: ",")
      let more = equalValues.count > 4 ? ",…" : ""
      let shown = parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }
      return "\(mayBeChance ? "chance" : "seed") \(names) \(percentText(percent))"
        + " \(chanceText(expectedByChance)) \(selector(family, variant)) \(hex(value))"
        + " \(from ?? "always") \(until ?? "always") \(ranges(ordinals))"
        + " \(shown.joined(separator: " "))" + (equals.isEmpty ? "" : " same: \(equals)\(more)")
    }
  }

  /// A parameter as it is written in a seed file.
  struct ParameterValue: Encodable {
    let value: SeedValue

    init(_ value: SeedValue) { self.value = value }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch value {
      case .integer(let number): try container.encode(number)
      case .text(let text): try container.encode(text)
      case .list(let entries): try container.encode(entries)
      }
    }

    var text: String {
      switch value {
      case .integer(let number): "\(number)"
      case .text(let text): text
      case .list(let entries): "[" + entries.joined(separator: ",") + "]"
      }
    }
  }
}

// MARK: - Words

extension IdentifyReport {
  fileprivate static func percent(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : (Double(part) * 1_000 / Double(whole)).rounded() / 10
  }
}

private func percentText(_ percent: Double) -> String { String(format: "%.1f%%", percent) }

private func chanceText(_ expected: Double) -> String { String(format: "%.2g", expected) }

private func hex(_ value: UInt32) -> String { String(format: "0x%08X", value) }

private func selector(_ family: String, _ variant: String) -> String {
  variant.isEmpty ? family : "\(family)/\(variant)"
}

/// A label in a column of its own: blanks would end the column.
private func word(_ label: String) -> String {
  String(label.map { $0.isWhitespace ? "_" : $0 })
}

/// `0-5,7,9-12`; after eight pieces an ellipsis.
private func ranges(_ ordinals: [Int]) -> String {
  var pieces: [ClosedRange<Int>] = []
  for ordinal in ordinals {
    if let last = pieces.last, last.upperBound + 1 >= ordinal {
      pieces[pieces.count - 1] = last.lowerBound...ordinal
    } else {
      pieces.append(ordinal...ordinal)
    }
  }
  let texts = pieces.prefix(8).map { piece in
    piece.count == 1 ? "\(piece.lowerBound)" : "\(piece.lowerBound)-\(piece.upperBound)"
  }
  return texts.joined(separator: ",") + (pieces.count > 8 ? ",…" : "")
}

extension AlgorithmFit {
  /// Which names do not fit and why, in words; empty if all do.
  fileprivate var misfitText: String {
    let lengths = profile.allowedLengths
    let kinds = [
      (misfits.suffix, "suffix not \(shortened(profile.suffixTexts))"),
      (misfits.length, "length not \(lengths.lowerBound)-\(lengths.upperBound)"),
      (misfits.letter, "letters not \(profile.alphabet)"),
    ].filter { $0.0 > 0 }
    guard let example = misfits.example else { return "" }
    return kinds.map { "\($0.1) (\($0.0))" }.joined(separator: ", ") + ", such as \(example)"
  }
}

private func shortened(_ suffixes: [String]) -> String {
  suffixes.prefix(6).joined(separator: ",") + (suffixes.count > 6 ? ",…" : "")
}

extension SeedFinding {
  /// A seed that may be one by accident.
  fileprivate init(chance found: FoundSeed) {
    self.init(found: found, newNames: found.ordinals.count, equalValues: [])
  }
}

extension Period {
  fileprivate var fromText: String? { start == .distantPast ? nil : start.description }
  fileprivate var untilText: String? { end == .distantFuture ? nil : end.description }
}
