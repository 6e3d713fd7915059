import ArgumentParser
import Evidence
import EvidenceStore
import Exporters
import HitLog
import PonorApp
import Settings

struct Infections: CommandGroup {
  static let configuration = CommandConfiguration(
    abstract: "Show which clients are infected, how sure that is, and work on the cases.",
    subcommands: [List.self, Explain.self, Mark.self, Due.self, Stats.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List clients by family and seed, those seen last first, with case and score.")

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var filter: HitFilter
    @Option(help: "Only at least so sure: recorded, suspected, likely or confirmed.")
    var gate: GateArgument?
    @Option(help: "Only cases in this state: new, notified, acknowledged, cleaned-claimed …")
    var state: CaseStateArgument?
    @Flag(help: "One JSON object per infection.") var json = false

    func run() throws {
      var query = InfectionQuery()
      query.since = filter.since?.microseconds
      query.until = filter.until?.microseconds
      query.client = try filter.address()
      query.family = filter.family
      // What is left out by gate and state must not count against the limit.
      query.limit = gate == nil && state == nil ? filter.limit : nil
      let settings = try configuration.load()
      let store = try HitAccess.open(settings)
      let access = try EvidenceAccess(settings)
      let infections = try EvidenceAccess.storage { () throws(HitStorageError) in
        try store.infections(query)
      }
      var shown = try judged(infections, access)
      if let limit = filter.limit { shown = Array(shown.prefix(max(1, limit))) }
      guard !shown.isEmpty else { throw CommandFailure.nothingFound }
      try ReadAudit(settings).note(
        "infections list", subject: query.client?.description, count: shown.count)
      var output = StandardOutput()
      if !json { output.write(InfectionLines.textHeader) }
      for (infection, episode) in shown {
        output.write(
          json ? InfectionLines.json(infection, episode) : InfectionLines.text(infection, episode))
      }
      output.flush()
    }

    /// The aggregates with their episodes, as far as gate and state allow.
    private func judged(
      _ infections: [Infection], _ access: EvidenceAccess
    ) throws -> [(Infection, EpisodeReport?)] {
      let reader = try access.reader()
      return try infections.compactMap { infection in
        let view = try EvidenceAccess.storage { () throws(HitStorageError) in
          try reader.episode(
            client: infection.client, origin: infection.origin, family: infection.family,
            until: infection.lastMicroseconds)
        }
        if let gate, view?.score.gate ?? .recorded < gate.gate { return nil }
        if let state, view?.caseRow.facts.state != state.state { return nil }
        return (infection, view.map { EpisodeReport($0) })
      }
    }
  }

  struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell why an infection is as sure as it is, term by term.")

    @Argument(help: "A case (PN-2026-000123), an episode's id, a client address or a suspect.")
    var infection: String
    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "Only of this family.") var family: String?
    @Flag(help: "One JSON object per episode.") var json = false

    func run() throws {
      let settings = try configuration.load()
      HitAccess.waitUntilStored(settings)
      let access = try EvidenceAccess(settings)
      let views = try access.episodes(meaning: infection)
        .filter { family == nil || $0.row.family == family }
      guard let first = views.first else { throw CommandFailure.nothingFound }
      try ReadAudit(settings).note(
        "infections explain", subject: first.suspect, count: views.count)
      for (number, view) in views.enumerated() {
        let report = try access.report(view, steps: true)
        if number > 0, !json { print("") }
        print(json ? report.json : report.text)
      }
    }
  }

  struct Mark: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Note what was done about a case, or what came of it.",
      discussion: """
        States: notified (again for each notice), acknowledged, cleaned-claimed, reopened, \
        false-positive. What only the traffic can tell (verified-by-absence) is not said by hand. \
        A false positive withdraws what was reported and weighs on the score. See docs/cases.md.
        """)

    @Argument(help: "The case, PN-2026-000123.") var number: String
    @Argument(help: "The state.") var state: CaseStateArgument
    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "A note for the file.") var note = ""

    func run() throws {
      guard let number = CaseNumber(number) else {
        throw CommandFailure.usage("'\(number)' is no case number; write it like PN-2026-000123")
      }
      let settings = try configuration.load()
      let access = try EvidenceAccess(settings)
      do {
        let row = try access.database.mark(
          number, state.state, who: ReadAudit.who, note: note, now: access.now)
        print("\(row.number) \(row.facts.state.name)")
      } catch let error as CaseError {
        throw CommandFailure.failed(error.description)
      } catch let error as HitStorageError {
        throw CommandFailure.failed(error.message)
      }
    }
  }

  struct Due: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the cases whose first or next notice should go out.",
      discussion: """
        A case is due when nobody was told of it, when it came back, or when it is still seen \
        evidence.notice_repeat after the last notice. 'ponor infections mark CASE notified' says \
        that one went out.
        """)

    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "At least so sure; evidence.notice_gate without it.") var gate: GateArgument?
    @Flag(help: "One JSON object per case.") var json = false

    func run() throws {
      let settings = try configuration.load()
      let access = try EvidenceAccess(settings)
      var rules = EvidenceSetup.noticeRules(settings)
      if let gate { rules.gate = gate.gate }
      let reader = try access.reader()
      let due = try EvidenceAccess.storage { () throws(HitStorageError) in try reader.due(rules) }
      guard !due.isEmpty else { throw CommandFailure.nothingFound }
      try ReadAudit(settings).note("infections due", count: due.count)
      for view in due {
        let report = try access.report(view)
        print(json ? report.json : CaseLines.text(report))
      }
    }
  }

  struct Stats: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show what became of cases, by family and month: nobody is named.")

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "One JSON object per family and month.") var json = false

    func run() throws {
      let access = try EvidenceAccess(try configuration.load())
      let figures = try EvidenceAccess.storage { () throws(HitStorageError) in
        try access.database.figures()
      }
      guard !figures.isEmpty else { throw CommandFailure.nothingFound }
      if !json { print(FigureLines.head) }
      for figure in figures { print(json ? FigureLines.json(figure) : FigureLines.text(figure)) }
    }
  }
}

/// A case state on the command line.
struct CaseStateArgument: ExpressibleByArgument {
  let state: CaseState

  init?(argument: String) {
    guard let state = CaseState(name: argument) else { return nil }
    self.state = state
  }

  static var allValueStrings: [String] { CaseState.allCases.map(\.name) }
}
