import ArgumentParser
import DGAKit
import Foundation

extension Models {
  struct Seeds: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show all seeds of a family: parameters, origin, reference, dates, sample, TLP.")

    @OptionGroup var sources: Sources
    @Argument(help: "FAMILY or FAMILY/VARIANT.") var model: String
    @Flag(help: "One JSON object per seed.") var json = false

    func run() throws {
      let catalogue = try sources.load()
      let rows: [SeedRow]
      do {
        rows = try SeedRow.all(GeneratorSelector(model), in: catalogue)
      } catch {
        throw CommandFailure.failed("\(error)")
      }
      guard !rows.isEmpty else { throw CommandFailure.nothingFound }
      for row in rows { print(try json ? row.json : row.text) }
    }
  }
}

/// One seed as `models seeds` prints it.
private struct SeedRow: Encodable {
  let family: String
  let seed: Seed

  /// The seeds a selector means; without a variant those of all variants, in order.
  static func all(
    _ selector: GeneratorSelector, in catalogue: ModelCatalogue
  ) throws(CatalogueError) -> [SeedRow] {
    let family = try catalogue.family(selector.family)
    var variants = family.metadata.variants.map(\.name)
    if let variant = selector.variant {
      let named = GeneratorSelector(family: selector.family, variant: variant)
      variants = Set(try catalogue.select(named).map(\.variant)).sorted()
    }
    return variants.flatMap { variant in
      family.seeds(ofVariant: variant).map { SeedRow(family: family.metadata.family, seed: $0) }
    }
  }

  // MARK: - For people

  var text: String {
    let name = seed.variant.isEmpty ? family : "\(family)/\(seed.variant)"
    let lines: [(String, String)] = [
      ("parameters", parameterText), ("origin", seed.origin.description),
      ("reference", seed.reference), ("first seen", seed.firstSeen?.description ?? ""),
      ("last seen", seed.lastSeen?.description ?? ""), ("sample", seed.sampleSHA256 ?? ""),
      ("tlp", seed.tlp.rawValue), ("active", seed.isActive ? "yes" : "no, left out of the index"),
    ]
    return lines.reduce("\(name) \(seed.label)") { text, line in
      guard !line.1.isEmpty else { return text }
      return text + "\n  " + line.0.padding(toLength: 12, withPad: " ", startingAt: 0) + line.1
    }
  }

  private var parameterText: String {
    seed.parameters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.text)" }
      .joined(separator: ", ")
  }

  // MARK: - For programs

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  enum CodingKeys: String, CodingKey {
    case family, variant, seed, parameters, origin, reference, tlp, active
    case firstSeen = "first_seen"
    case lastSeen = "last_seen"
    case sampleSHA256 = "sample_sha256"
  }

  /// Every key is always there, null where nothing is known.
  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: CodingKeys.self)
    try object.encode(family, forKey: .family)
    try object.encode(seed.variant, forKey: .variant)
    try object.encode(seed.label, forKey: .seed)
    try object.encode(seed.parameters.mapValues(EncodedValue.init), forKey: .parameters)
    try object.encode(seed.origin.description, forKey: .origin)
    try object.encode(seed.reference, forKey: .reference)
    try object.encode(seed.firstSeen?.description, forKey: .firstSeen)
    try object.encode(seed.lastSeen?.description, forKey: .lastSeen)
    try object.encode(seed.sampleSHA256, forKey: .sampleSHA256)
    try object.encode(seed.tlp.rawValue, forKey: .tlp)
    try object.encode(seed.isActive, forKey: .active)
  }
}

/// A parameter as JSON: a number, a text or a list of texts.
private struct EncodedValue: Encodable {
  let value: SeedValue

  init(_ value: SeedValue) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    switch value {
    case .integer(let number): try single.encode(number)
    case .text(let text): try single.encode(text)
    case .list(let texts): try single.encode(texts)
    }
  }
}

extension SeedValue {
  /// As a seed file has it; numbers that are not small also in hexadecimal, as analyses give them.
  fileprivate var text: String {
    switch self {
    case .integer(let number):
      number > 9 ? "\(number) (0x\(String(number, radix: 16, uppercase: true)))" : "\(number)"
    case .text(let text): text
    case .list(let texts): "[" + texts.joined(separator: ", ") + "]"
    }
  }
}
