import ArgumentParser
import DGAKit
import DNSServer
import Evidence
import Exporters
import Foundation
import Generation
import PonorApp
import Settings

struct Models: CommandGroup {
  static let configuration = CommandConfiguration(
    abstract: "List, run, check and add DGA models.",
    subcommands: [
      List.self, Seeds.self, Verify.self, Coverage.self, Collide.self, Generate.self, Identify.self,
      Speed.self, New.self, Document.self,
    ])

  /// Where word lists and seed files are.
  struct Sources: ParsableArguments {
    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "Directory of word lists.") var wordlists: String?
    @Option(help: "Directory of seed files.") var seeds: String?

    func load() throws -> ModelCatalogue { try loadInputs().catalogue }

    func loadInputs() throws -> (inputs: GenerationInputs, catalogue: ModelCatalogue) {
      var inputs = try configuration.load().generationInputs
      if let wordlists { inputs.wordListDirectory = wordlists }
      if let seeds {
        // The default directory may be absent, one that was named may not.
        guard FileManager.default.fileExists(atPath: seeds) else {
          throw CommandFailure.failed("--seeds \(seeds): there is no such directory")
        }
        inputs.seedDirectories = [seeds]
      }
      let loaded = CatalogueLoader.load(inputs)
      for problem in loaded.problems { StandardError.write(problem) }
      return (inputs, loaded.catalogue)
    }
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List families, variants, seeds, periods and names per period.")

    @OptionGroup var sources: Sources
    @Flag(help: "One JSON object per variant.") var json = false

    func run() throws {
      let catalogue = try sources.load()
      for family in catalogue.families {
        for variant in family.metadata.variants {
          let row = VariantRow(family, variant)
          print(try json ? row.json : row.text)
        }
      }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run the known answers of one family or of all.")

    @OptionGroup var sources: Sources
    @Argument(help: "The family; all without one.") var family: String?

    func run() throws {
      let results: [VerificationResult]
      do {
        let name = family.map { GeneratorSelector($0) }
        if let name { _ = try sources.load().select(name) }
        results = try sources.load().verify(family: name?.family)
      } catch let error as CatalogueError {
        throw CommandFailure.failed("\(error)")
      }
      var failures: [String] = []
      for result in results {
        switch result.outcome {
        case .passed: print("passed   \(result.label)")
        case .unavailable(let reason): print("skipped  \(result.label): \(reason)")
        case .failed(let reason):
          print("failed   \(result.label): \(reason)")
          failures.append(result.label)
        }
      }
      let passed = results.count { $0.outcome == .passed }
      guard failures.isEmpty, passed > 0 else {
        throw CommandFailure.failed(
          "\(failures.count) of \(results.count) known answers failed, \(passed) passed")
      }
    }
  }

  struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the names of a family, one per line, in the malware's own order.")

    @OptionGroup var sources: Sources
    @Argument(help: "FAMILY or FAMILY/VARIANT.") var model: String
    @Option(help: "Label of the seed; all seeds without one.") var seed: String?
    @Option(help: "Day (midnight UTC) or RFC 3339 instant; today without one.")
    var date: DateArgument?
    @Option(help: "Print at most so many names.") var count: Int?

    func validate() throws {
      if let count, count < 0 { throw ValidationError("--count must not be negative") }
    }

    func run() throws {
      let catalogue = try sources.load()
      let today = Period.day(containing: Instant(unixSeconds: UTCClock.seconds())).start
      var output = StandardOutput()
      do {
        try catalogue.generate(
          GeneratorSelector(model, seed: seed), at: date?.instant ?? today, count: count ?? .max
        ) { name, _ in output.write(name.bytes) }
      } catch {
        throw CommandFailure.failed("\(error)")
      }
      output.flush()
    }
  }

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the file of a new family, ready to be filled in.",
      discussion: "It goes to DGAModels/ if there is such a folder here, else to this folder.")

    @Argument(help: "The family's name.") var name: String

    func run() throws {
      do {
        let template = try ModelTemplate(named: name)
        guard !BuiltInFamilies.names.contains(template.family) else {
          throw CommandFailure.failed("there is a family '\(template.family)' already")
        }
        let folder = FileManager.default.fileExists(atPath: "DGAModels") ? "DGAModels/" : ""
        let path = folder + template.fileName
        guard !FileManager.default.fileExists(atPath: path) else {
          throw CommandFailure.failed("\(path) exists already; remove it or take another name")
        }
        try template.source.write(toFile: path, atomically: true, encoding: .utf8)
        print(path)
      } catch let error as TemplateError {
        throw CommandFailure.failed("\(error)")
      }
    }
  }
}

extension VerificationResult {
  fileprivate var label: String {
    instant.map { "\(generator) at \($0)" } ?? "\(generator)"
  }
}

/// One variant in the list of models.
private struct VariantRow: Encodable {
  let family: String
  let variant: String
  let aliases: [String]
  let kind: String
  let period: String
  let namesPerPeriod: String
  let seeds: [String]
  let topLevelDomains: [String]
  let wordLists: [String]
  let trust: String

  enum CodingKeys: String, CodingKey {
    case family, variant, aliases, kind, period
    case namesPerPeriod = "names_per_period"
    case seeds
    case topLevelDomains = "tlds"
    case wordLists = "word_lists"
    case trust
  }

  init(_ family: ModelCatalogue.Family, _ info: VariantInfo) {
    self.family = family.metadata.family
    variant = info.name
    aliases = family.metadata.aliases
    kind = info.kind.rawValue
    period = info.period.summary
    namesPerPeriod = info.namesPerPeriod.summary
    seeds = family.seeds(ofVariant: info.name).map(\.label)
    topLevelDomains = info.topLevelDomains
    wordLists = info.wordLists.map(\.file)
    trust = family.metadata.trust.rawValue
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  var text: String {
    let name = variant.isEmpty ? family : "\(family)/\(variant)"
    let shown = seeds.prefix(4).joined(separator: " ") + (seeds.count > 4 ? " …" : "")
    return "\(pad(name, 22)) \(pad(period, 30)) \(pad(namesPerPeriod, 12)) \(seeds.count) seeds: "
      + shown
  }

  private func pad(_ text: String, _ width: Int) -> String {
    text.count < width ? text + String(repeating: " ", count: width - text.count) : text
  }
}
