import ArgumentParser
import CheckedYAML
import DGAKit
import DNSServer
import Foundation
import Generation

extension Models {
  struct Collide: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Find names that several variants make, that are popular, or never swallowed.",
      discussion: """
        Names of all families and seeds over the days given, today without any. Lists of names \
        from feeds take no part. Exit status 1 if nothing was found.
        """)

    @OptionGroup var sources: Sources
    @Option(help: "First day or RFC 3339 instant; today without one.") var from: DateArgument?
    @Option(help: "First day or instant no longer covered; the day after --from without one.")
    var until: DateArgument?
    @Option(help: "File of popular names, rank,domain on each line, such as Tranco's.")
    var popular: String?
    @Option(help: "Only the first so many ranks of it.") var top: Int?
    @Flag(help: "One JSON object per name.") var json = false

    func validate() throws {
      if let top, top < 1 { throw ValidationError("--top must be at least 1") }
      if top != nil, popular == nil { throw ValidationError("--top needs --popular FILE") }
      guard window.start < window.end else {
        throw ValidationError("--until must be later than --from")
      }
    }

    private var window: GenerationWindow {
      let today = Period.day(containing: Instant(unixSeconds: UTCClock.seconds())).start
      let start = from?.instant ?? today
      return GenerationWindow(start: start, end: until?.instant ?? start.adding(days: 1))
    }

    func run() throws {
      let (inputs, catalogue) = try sources.loadInputs()
      let search = CollisionSearch(inputs, window: window, catalogue: catalogue)
      let report: CollisionReport
      do {
        report = try search.run(popular: popular, top: top ?? .max)
      } catch {
        throw CommandFailure.failed("\(error)")
      }
      for problem in report.problems { StandardError.write(problem) }
      var output = StandardOutput()
      for row in CollisionRow.all(report) { output.write(try json ? row.json : row.text) }
      if !json { for line in report.summary { output.write(line) } }
      output.flush()
      if report.isCut { StandardError.write("there are more; only so many are listed") }
      guard !report.isEmpty else { throw CommandFailure.nothingFound }
    }
  }
}

extension CollisionReport {
  fileprivate var summary: [String] {
    overlaps.map { "\($0.models.joined(separator: ", ")) share \($0.names) names" } + [
      "\(distinctNames) names of \(models) variants: \(shared.count) shared, "
        + "\(popular.count) popular, \(protected.count) never swallowed"
    ]
  }
}

/// One name as `models collide` prints it.
private struct CollisionRow: Encodable {
  struct Origin: Encodable {
    let family: String
    let variant: String
    let seed: String

    init(_ id: GeneratorID) {
      family = id.family
      variant = id.variant
      seed = id.seed
    }
  }

  let kind: String
  let name: String
  let generators: [Origin]
  var relation: String?
  var popular: String?
  var rank: Int?
  var reason: String?
  private let origins: String

  enum CodingKeys: String, CodingKey {
    case kind, name, generators, relation, popular, rank, reason
  }

  private init(_ kind: String, _ name: String, _ ids: [GeneratorID]) {
    self.kind = kind
    self.name = name
    generators = ids.map(Origin.init)
    origins = ids.map(\.description).joined(separator: ", ")
  }

  static func all(_ report: CollisionReport) -> [CollisionRow] {
    let shared = report.shared.map { CollisionRow("shared", $0.name, $0.generators) }
    let popular = report.popular.map { hit in
      var row = CollisionRow("popular", hit.name, [hit.generator])
      (row.relation, row.popular, row.rank) = (hit.relation, hit.popular, hit.rank)
      return row
    }
    let protected = report.protected.map { hit in
      var row = CollisionRow("protected", hit.name, [hit.generator])
      row.reason = hit.reason
      return row
    }
    return shared + popular + protected
  }

  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  var text: String {
    var note = ""
    if let relation, let popular, let rank {
      note = relation == "equal" ? "rank \(rank)" : "\(relation) \(popular), rank \(rank)"
    }
    if let reason { note = reason }
    return "\(kind) \(name)" + (note.isEmpty ? "" : " (\(note))") + ": \(origins)"
  }
}
