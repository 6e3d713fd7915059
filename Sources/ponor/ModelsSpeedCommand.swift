import ArgumentParser
import DGAKit
import Foundation
import Generation

extension Models {
  struct Speed: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Measure how many names a second of CPU time each variant gives on one core.",
      discussion: "The first usable seed of each variant, list after list from 2026-11-23 on.")

    @OptionGroup var sources: Sources
    @Argument(help: "FAMILY or FAMILY/VARIANT; all without any.") var models: [String] = []
    @Option(help: "CPU seconds for each variant.") var seconds = 0.5
    @Flag(help: "One JSON object per variant, and one with the geometric means.") var json = false

    private static let start = Instant(unixSeconds: 1_795_392_000)

    func validate() throws {
      guard seconds > 0, seconds <= 3_600 else {
        throw ValidationError("--seconds must be above 0, at most 3600")
      }
    }

    func run() throws {
      let catalogue = try sources.load()
      var speeds: [GeneratorSpeed] = []
      for candidates in try variants(in: catalogue) {
        guard let generator = usable(candidates, in: catalogue) else { continue }
        let speed = SpeedMeasurement.measure(generator, from: Self.start, seconds: seconds)
        print(try json ? SpeedRow(speed).json : SpeedRow(speed).text)
        speeds.append(speed)
      }
      guard !speeds.isEmpty else { throw CommandFailure.nothingFound }
      try showMeans(speeds)
    }

    /// The generators of each variant wanted.
    private func variants(in catalogue: ModelCatalogue) throws -> [[GeneratorID]] {
      do {
        let wanted = models.isEmpty ? catalogue.knownFamilies : models
        return try wanted.flatMap { text in
          let selector = GeneratorSelector(text)
          let family = try catalogue.family(selector.family)
          let variants =
            try selector.variant == nil
            ? family.metadata.variants.map(\.name) : catalogue.select(selector).map(\.variant)
          return variants.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            .map { variant in
              family.seeds(ofVariant: variant).map {
                GeneratorID(family: family.metadata.family, variant: variant, seed: $0.label)
              }
            }
        }
      } catch {
        throw CommandFailure.failed("\(error)")
      }
    }

    private func usable(_ candidates: [GeneratorID], in catalogue: ModelCatalogue) -> Generator? {
      var reason: CatalogueError?
      for id in candidates {
        do throws(CatalogueError) {
          return try catalogue.generator(id)
        } catch { reason = error }
      }
      if let reason { StandardError.write("not measured: \(reason)") }
      return nil
    }

    private func showMeans(_ speeds: [GeneratorSpeed]) throws {
      let all = SpeedMeasurement.geometricMean(speeds.map(\.namesPerSecond))
      let arithmetic = SpeedMeasurement.geometricMean(
        speeds.filter { $0.kind == .arithmetic }.map(\.namesPerSecond))
      guard json else {
        for (kind, mean) in [("arithmetic", arithmetic), ("all", all)] {
          if let mean { print(SpeedRow.line("geometric mean, \(kind)", mean)) }
        }
        return
      }
      let means = ["arithmetic": arithmetic, "all": all].compactMapValues { $0?.rounded() }
      print(try SpeedRow.encode(["geometric_mean": means]))
    }
  }
}

/// One variant as `models speed` prints it.
private struct SpeedRow: Encodable {
  let family: String
  let variant: String
  let seed: String
  let kind: String
  let names: Int
  let seconds: Double
  let namesPerSecond: Double

  enum CodingKeys: String, CodingKey {
    case family, variant, seed, kind, names, seconds
    case namesPerSecond = "names_per_second"
  }

  init(_ speed: GeneratorSpeed) {
    family = speed.generator.family
    variant = speed.generator.variant
    seed = speed.generator.seed
    kind = speed.kind.rawValue
    names = speed.names
    seconds = speed.seconds
    namesPerSecond = speed.namesPerSecond.rounded()
  }

  var json: String { get throws { try Self.encode(self) } }

  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  var text: String {
    let name = variant.isEmpty ? family : "\(family)/\(variant)"
    return Self.line("\(name) \(kind)", namesPerSecond)
  }

  static func line(_ title: String, _ speed: Double) -> String {
    let padded = title.padding(toLength: max(40, title.count), withPad: " ", startingAt: 0)
    let digits = String(Int(speed))
    return padded + String(repeating: " ", count: max(1, 12 - digits.count)) + digits + " names/s"
  }
}
