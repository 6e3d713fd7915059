import ArgumentParser
import DNSServer
import Evidence
import Exporters
import PonorApp

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write infections in the format of another system.",
    discussion: """
      One record is one client and family on one UTC day. Without --records they come from \
      data_dir. If --output is a folder, one file per UTC day is written there. `shadowserver` \
      stands for event4_sinkhole, event6_sinkhole and event4_sinkhole_dns: all three go to a \
      folder, the one that --report names to a file or standard output. What a format cannot \
      express is counted on standard error. See docs/exports.md.
      """)

  @Argument(help: "The format; --list names them.") var format: String?
  @Flag(help: "List the formats and what they follow.") var list = false
  @Flag(help: "Print the JSON Schema of the format json.") var schema = false
  @OptionGroup var configuration: ConfigurationOption
  @OptionGroup var selection: ExportSelection
  @OptionGroup var reporter: ExportReporter
  @Option(help: "File or folder to write to; standard output without one.") var output: String?
  @Option(help: "event4_sinkhole, event6_sinkhole or event4_sinkhole_dns.")
  var report: String = Event4Sinkhole.name

  func run() throws {
    if list { return print(Self.formatTable) }
    if schema { return print(CanonicalSchema.text, terminator: "") }
    guard let format else {
      throw CommandFailure.usage("which format? \(Self.names.joined(separator: ", "))")
    }
    let source = ExportSource(selection: selection, configuration: configuration)
    let options = reporter.options(now: UTCClock.microseconds())
    if let folder = FormatRegistry.folder(format) {
      return try ExportFolder(format: folder, options: options, output: output).write(source)
    }
    let formats = try formats(named: format)
    if let output, OutputFile.isFolder(output) {
      return try ExportDays(formats: formats, options: options, folder: output).write(source)
    }
    let chosen = formats.count == 1 ? formats[0] : try reportFormat(of: formats)
    try ExportDocument(format: chosen, options: options, output: output).write(source)
  }

  // MARK: - Which format

  /// Names of everything that can follow `ponor export`.
  private static var names: [String] {
    ([shadowserver] + FormatRegistry.infections.map { $0.name }
      + FormatRegistry.folders.map { $0.name }).sorted()
  }

  private static let shadowserver = "shadowserver"
  private static let shadowserverReports: [any InfectionFormat.Type] = [
    Event4Sinkhole.self, Event6Sinkhole.self, Event4SinkholeDNS.self,
  ]

  private func formats(named name: String) throws -> [any InfectionFormat.Type] {
    if name == Self.shadowserver { return Self.shadowserverReports }
    guard let format = FormatRegistry.infection(name) else {
      throw CommandFailure.usage(
        "'\(SafeText.terminal(name))' is no format; use one of \(Self.names.joined(separator: ", "))"
      )
    }
    return [format]
  }

  private func reportFormat(
    of formats: [any InfectionFormat.Type]
  ) throws -> any InfectionFormat.Type {
    guard let format = formats.first(where: { $0.name == report }) else {
      let names = formats.map { $0.name }.joined(separator: ", ")
      throw CommandFailure.usage("'\(SafeText.terminal(report))' is no report; use one of \(names)")
    }
    return format
  }

  /// A line per format: name, kind of file, what it follows.
  private static var formatTable: String {
    var rows = [
      (shadowserver, "csv", "the three Shadowserver reports, a file each (--output FOLDER)")
    ]
    rows += FormatRegistry.infections.map { ($0.name, $0.fileExtension, $0.follows) }
    rows += FormatRegistry.folders.map { ($0.name, "folder", $0.follows) }
    return rows.sorted { $0.0 < $1.0 }.map { name, kind, follows in
      pad(name, 20) + pad(kind, 7) + follows
    }.joined(separator: "\n")
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.utf8.count))
  }
}

/// Which records are wanted.
struct ExportSelection: ParsableArguments {
  @Option(help: "Read canonical JSON lines from this file (- = standard input) instead.")
  var records: String?
  @Option(help: "Only records whose first lookup is at this day or RFC 3339 instant or later.")
  var since: DateArgument?
  @Option(help: "Only records whose first lookup is before this day or RFC 3339 instant.")
  var until: DateArgument?
  @Option(help: "Only records at least so sure: recorded, suspected, likely or confirmed.")
  var gate: GateArgument?
}

/// A gate on the command line.
struct GateArgument: ExpressibleByArgument {
  let gate: InfectionRecord.Gate

  init?(argument: String) {
    guard let gate = InfectionRecord.Gate(rawValue: argument) else { return nil }
    self.gate = gate
  }

  static var allValueStrings: [String] { InfectionRecord.Gate.allCases.map(\.rawValue) }
}

/// Who reports, and how much is told.
struct ExportReporter: ParsableArguments {
  @Option(help: "Organisation that reports.") var organisation: String?
  @Option(help: "Internet domain of the organisation.") var organisationDomain: String?
  @Option(help: "Mail address of its abuse desk.") var contact: String?
  @Option(help: "Name of the network: in file names and in Shadowserver's public_source.")
  var name: String?
  @Flag(help: "Append query, query_type and count to Shadowserver's sinkhole columns.")
  var withQuery = false
  @Flag(help: "Tell the subscriber where a format has a place for it: never to outsiders.")
  var withSubscriber = false

  func options(now: Int64) -> ExportOptions {
    var options = ExportOptions()
    if let organisation { options.organisation = organisation }
    if let organisationDomain { options.domain = organisationDomain }
    if let contact { options.contact = contact }
    if let name { options.fileTag = name }
    options.withQuery = withQuery
    options.includesSubscriber = withSubscriber
    options.now = now
    return options
  }
}
