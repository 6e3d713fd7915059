import ArgumentParser
import DNSServer
import Evidence
import Exporters
import Generation
import PonorApp
import Settings

extension IndexCommands {
  struct IndexExport: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export",
      abstract: "Write the names of a window of days as a zone, a list, indicators or rules.",
      discussion: """
        Names that collide with legitimate ones are never in it. What a format cannot express is \
        counted on standard error. See docs/exports-siem.md.
        """)

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var window: Window
    @Option(help: "The format; --list names them.") var format: NameFormat?
    @Flag(help: "List the formats and what they follow.") var list = false
    @Option(help: "Zone of rpz_out: print the version that is being served, as RPZ.")
    var zone: String?
    @Option(help: "File to write to; standard output without one.") var output: String?
    @Option(help: "Organisation that reports, in stix and misp.") var organisation: String?
    @Option(help: "Internet domain of the organisation.") var organisationDomain: String?
    @Option(help: "Mail address of its abuse desk.") var contact: String?

    func run() throws {
      if list { return print(NameFormat.table) }
      guard let format else {
        let names = NameFormat.allValueStrings.joined(separator: ", ")
        throw CommandFailure.usage("which --format? \(names)")
      }
      let settings = try configuration.load()
      if let zone { return try ServedPolicyZone.print(zone, format, settings) }
      let days = window.resolve(settings)
      var document = format.document(settings, options, days)
      let sink = try NameSink(path: output)
      let counts = try NameSource(settings: settings, window: days).write(&document, to: sink)
      for note in counts.notes("name") { StandardError.write(note) }
      guard counts.written > 0 else { throw CommandFailure.nothingFound }
      try sink.finish()
    }

    private var options: ExportOptions {
      var options = ExportOptions()
      if let organisation { options.organisation = organisation }
      if let organisationDomain { options.domain = organisationDomain }
      if let contact { options.contact = contact }
      options.now = UTCClock.microseconds()
      return options
    }
  }
}

/// A format of names on the command line: those of the registry, and RPZ, which needs settings.
struct NameFormat: ExpressibleByArgument, Equatable {
  static let rpz = NameFormat(name: "rpz")

  let name: String

  private init(name: String) { self.name = name }

  init?(argument: String) {
    guard Self.allValueStrings.contains(argument) else { return nil }
    name = argument
  }

  static var allValueStrings: [String] {
    ["rpz"] + FormatRegistry.domains.map { $0.name }
  }

  /// A line per format: name and what it follows.
  static var table: String {
    let rows =
      [("rpz", "response policy zone with the sinkhole's addresses")]
      + FormatRegistry.domains.map { ($0.name, $0.follows) }
    return rows.sorted { $0.0 < $1.0 }.map { name, follows in
      name + String(repeating: " ", count: max(1, 18 - name.utf8.count)) + follows
    }.joined(separator: "\n")
  }

  func document(
    _ settings: Settings, _ options: ExportOptions, _ window: GenerationWindow
  ) -> any NameDocument {
    guard let format = FormatRegistry.domain(name) else {
      return PolicyZoneDocument(sinkhole: settings.sinkhole, window: window)
    }
    return RegisteredDocument(format.init(options: options))
  }
}
