import ArgumentParser
import Evidence
import Exporters
import Foundation
import HitLog
import PonorApp

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write infections in the format of another system.",
    discussion: """
      shadowserver: event4_sinkhole or event6_sinkhole CSV, one row per client, family, seed and \
      UTC day. If --output is a folder, one file per report and day is written there under the \
      names that Shadowserver uses.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case shadowserver
  }

  @Argument(help: "The format: shadowserver.") var format: Format
  @OptionGroup var configuration: ConfigurationOption
  @Option(help: "Only hits from this day or RFC 3339 instant on.") var since: DateArgument?
  @Option(help: "Only hits before this day or RFC 3339 instant.") var until: DateArgument?
  @Option(help: "File or folder to write to; standard output without one.") var output: String?
  @Option(help: "event4_sinkhole or event6_sinkhole.")
  var report = ReportKind(kind: .event4)
  @Flag(help: "Append the columns query, query_type and count.") var withQuery = false
  @Option(help: "Name of the network, used in file names and the column public_source.")
  var name = "ponor"

  struct ReportKind: ExpressibleByArgument {
    let kind: ShadowserverReport.Kind

    init(kind: ShadowserverReport.Kind) { self.kind = kind }

    init?(argument: String) {
      guard let kind = ShadowserverReport.Kind(rawValue: argument) else { return nil }
      self.kind = kind
    }

    var defaultValueDescription: String { kind.rawValue }
    static var allValueStrings: [String] { ShadowserverReport.Kind.allCases.map(\.rawValue) }
  }

  func run() throws {
    let gathered = try gather()
    let kind = report.kind
    if let output, isFolder(output) { return try writeFiles(gathered, to: output) }
    noteOthers(gathered, than: kind)
    guard !gathered.rows(kind: kind).isEmpty else { throw CommandFailure.nothingFound }
    let text = gathered.csv(kind: kind)
    guard let output else {
      print(text, terminator: "")
      return
    }
    try write(text, to: output)
  }

  private func gather() throws -> ShadowserverReport {
    var options = ShadowserverReport.Options()
    options.publicSource = name
    options.withQuery = withQuery
    var gathered = ShadowserverReport(options: options)
    var query = HitQuery()
    query.since = since?.microseconds
    query.until = until?.microseconds
    let store = try HitAccess.open(try configuration.load())
    do {
      try store.forEachHit(query) { gathered.add($0) }
    } catch {
      throw CommandFailure.failed(error.message)
    }
    return gathered
  }

  /// What is left out is said, never silent.
  private func noteOthers(_ gathered: ShadowserverReport, than kind: ShadowserverReport.Kind) {
    for other in ShadowserverReport.Kind.allCases where other != kind {
      let rows = gathered.rows(kind: other).count
      guard rows > 0 else { continue }
      StandardError.write("\(rows) rows belong to --report \(other.rawValue)")
    }
  }

  private func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  private func writeFiles(_ gathered: ShadowserverReport, to folder: String) throws {
    var count = 0
    for kind in ShadowserverReport.Kind.allCases {
      for day in gathered.days(kind: kind) {
        let file = ShadowserverReport.fileName(kind: kind, day: day, name: name, part: "all")
        try write(gathered.csv(kind: kind, day: day), to: folder + "/" + file)
        count += 1
      }
    }
    guard count > 0 else { throw CommandFailure.nothingFound }
  }

  /// Under another name first: a collector must never pick up half a file.
  private func write(_ text: String, to path: String) throws {
    do {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    } catch {
      throw CommandFailure.failed("cannot write \(path): \(error.localizedDescription)")
    }
  }
}
