import ArgumentParser
import DGAKit
import DNSServer
import DNSWire
import DomainIndex
import Evidence
import Foundation
import Generation
import PonorApp
import Settings

struct IndexCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "index", abstract: "Build, ask and export the index of names.",
    subcommands: [Build.self, Lookup.self, IndexExport.self])

  /// The days a command works on.
  struct Window: ParsableArguments {
    @Option(help: "Day or RFC 3339 instant the window lies around; today without one.")
    var date: DateArgument?
    @Option(help: "Days before it.") var daysBefore: Int?
    @Option(help: "Days after it.") var daysAfter: Int?

    func validate() throws {
      for days in [daysBefore, daysAfter] {
        if let days, !(0...366).contains(days) {
          throw ValidationError("days before and after must be 0 to 366")
        }
      }
    }

    func resolve(_ settings: Settings) -> GenerationWindow {
      guard date != nil || daysBefore != nil || daysAfter != nil else {
        return IndexSchedule(settings).window(at: Instant(unixSeconds: UTCClock.seconds()))
      }
      return GenerationWindow(
        around: date?.instant ?? Instant(unixSeconds: UTCClock.seconds()),
        daysBefore: daysBefore ?? settings.models.daysBefore,
        daysAfter: daysAfter ?? settings.models.daysAfter)
    }
  }

  struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Generate all names of a window of days and write them as an index.")

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var window: Window
    @Option(help: "The file to write.") var output: String
    @Flag(help: "Report as JSON on standard output.") var json = false
    @Flag(help: .hidden) var background = false
    @Option(help: .hidden) var generation: UInt64?
    @Option(help: .hidden) var from: Int64?
    @Option(help: .hidden) var until: Int64?
    @Option(help: "A file for the sorted names besides, which policy zones are made of.")
    var names: String?

    func run() throws {
      if background { BackgroundWork.confine() }
      let settings = try configuration.load()
      var days = window.resolve(settings)
      if let from, let until {
        days = GenerationWindow(
          start: Instant(unixSeconds: from), end: Instant(unixSeconds: until))
      }
      let report: GenerationReport
      do {
        report = try IndexGeneration.build(
          settings.generationInputs, window: days, to: output,
          builtAt: generation.map { Int64($0) } ?? UTCClock.microseconds(), names: names)
      } catch {
        throw CommandFailure.failed("\(error)")
      }
      try show(report)
    }

    private func show(_ report: GenerationReport) throws {
      guard !json else {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
        return
      }
      for problem in report.problems { StandardError.write(problem) }
      let invalid = report.families.values.reduce(0) { $0 + $1.invalid }
      for collision in report.collisions {
        print("colliding: \(collision.name) (\(collision.generator)): \(collision.reason)")
      }
      print(
        "\(output): \(report.distinctNames) names of \(report.families.count) families, "
          + "\(report.totalColliding) colliding, \(invalid) left out as no DNS names, "
          + "\(report.skippedFeedRows) feed rows skipped")
    }
  }

  struct Lookup: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell which families, seeds and dates names belong to.",
      discussion: """
        Without --date the newest index in data_dir is asked; with --date, or if there is none, \
        the names of that day are generated for the purpose.
        """)

    @OptionGroup var configuration: ConfigurationOption
    @Argument(help: "The names.") var names: [String]
    @Option(help: "Day or RFC 3339 instant.") var date: DateArgument?
    @Option(help: "Index file to ask.") var index: String?
    @Flag(help: "One JSON object per origin of a name.") var json = false

    func run() throws {
      let settings = try configuration.load()
      var found = false
      try withIndex(settings) { index in
        for text in names {
          guard let name = try? Name(text) else {
            throw CommandFailure.usage("'\(text)' is no domain name")
          }
          for origin in NameOrigins.find(name, in: index, at: date?.instant) {
            print(try json ? origin.json : origin.text)
            found = true
          }
        }
      }
      guard found else { throw CommandFailure.nothingFound }
    }

    private func withIndex(_ settings: Settings, _ body: (DomainIndex) throws -> Void) throws {
      if let index {
        do {
          return try body(try DomainIndex(path: index))
        } catch let error as IndexError {
          throw CommandFailure.failed("\(error)")
        }
      }
      if date == nil {
        let (newest, problems) = IndexFiles(dataDirectory: settings.dataDirectory).openNewest()
        guard problems.isEmpty || newest != nil else {
          throw CommandFailure(status: 1, messages: problems)
        }
        for problem in problems { StandardError.write(problem) }
        if let newest { return try body(newest) }
      }
      try withTemporaryIndex(settings, body)
    }

    private func withTemporaryIndex(
      _ settings: Settings, _ body: (DomainIndex) throws -> Void
    ) throws {
      let path = NSTemporaryDirectory() + "/ponor-lookup-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: path) }
      let now = Instant(unixSeconds: UTCClock.seconds())
      let days = date == nil ? (settings.models.daysBefore, settings.models.daysAfter) : (0, 0)
      let window = GenerationWindow(
        around: date?.instant ?? now, daysBefore: days.0, daysAfter: days.1)
      let report = try IndexGeneration.build(
        settings.generationInputs, window: window, to: path, builtAt: UTCClock.microseconds())
      for problem in report.problems { StandardError.write(problem) }
      try body(try DomainIndex(path: path))
    }
  }
}
