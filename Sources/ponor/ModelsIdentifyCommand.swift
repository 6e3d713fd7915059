import ArgumentParser
import DGAKit
import DNSServer
import Foundation
import Generation
import Identification

extension Models {
  /// `ponor models identify`: tells whose names these are.
  struct Identify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell which families, seeds and dates observed names belong to, or find the seed.",
      discussion: """
        FILE has one name on each line; - is standard input. The lists of all known seeds are made \
        for the days asked for (seven before and after today) and compared. What no list explains is \
        compared with what each algorithm can make, and --search tries all seeds of those that can \
        be searched. Exit status: 0 = a list or a seed was found, 1 = none, 2 = usage. \
        See docs/identify.md.
        """)

    @OptionGroup var sources: Sources
    @Argument(help: "The file of names.") var file: String
    @OptionGroup var window: Window
    @Option(help: "Only this FAMILY or FAMILY/VARIANT.") var family: String?
    @OptionGroup var searching: Searching
    @Option(help: "Threads; as many as there are processors without one.") var threads: Int?
    @Flag(help: "One JSON object.") var json = false

    func validate() throws {
      if let threads, !(1...1_024).contains(threads) {
        throw ValidationError("--threads must be 1 to 1024")
      }
    }

    func run() throws {
      let observed = try readNames()
      let catalogue = try sources.load()
      let ids: [GeneratorID]
      do {
        ids =
          try family.map { try catalogue.select(GeneratorSelector($0)) }
          ?? catalogue.generatorIDs
      } catch {
        throw CommandFailure.failed("\(error)")
      }
      let identification = IdentifyRun(
        catalogue: catalogue, ids: ids, observed: observed, window: window.lookup,
        searchWindow: window.search,
        threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
      let report = identification.run(searching)
      var output = StandardOutput()
      for line in json ? [try report.json] : report.lines { output.write(line) }
      output.flush()
      guard report.foundSomething else { throw CommandFailure.nothingFound }
    }

    private func readNames() throws -> ObservedFile {
      let path = file == "-" ? "/dev/stdin" : file
      guard let handle = FileHandle(forReadingAtPath: path),
        let content = try? handle.readToEnd() ?? Data()
      else { throw CommandFailure.failed("\(file) cannot be read") }
      let observed = ObservedFile(content)
      for problem in observed.problems { StandardError.write("\(file): \(problem)") }
      guard !observed.names.isEmpty else {
        throw CommandFailure.usage("\(file) has no domain names; give one on each line")
      }
      return observed
    }
  }
}

extension Models.Identify {
  /// The days names may be from.
  struct Window: ParsableArguments {
    @Option(help: "First day or RFC 3339 instant.") var from: DateArgument?
    @Option(help: "Day or RFC 3339 instant before which the lists begin.") var until: DateArgument?
    @Option(help: "The day, or the middle of the days of --days; today without one.")
    var date: DateArgument?
    @Option(help: "Days before and after --date; 7 without one, 0 with --date.") var days: Int?

    func validate() throws {
      if let days, !(0...36_600).contains(days) {
        throw ValidationError("--days must be 0 to 36600")
      }
      guard from != nil || until != nil else { return }
      if date != nil || days != nil {
        throw ValidationError("--from and --until do not go with --date and --days")
      }
      guard lookup.start < lookup.end else { throw ValidationError("--until must be after --from") }
    }

    /// The days whose lists are made.
    var lookup: Period {
      let today = Instant(unixSeconds: UTCClock.seconds())
      guard from != nil || until != nil else {
        return around(date?.instant ?? today, days: days ?? (date == nil ? 7 : 0))
      }
      let tomorrow = Period.day(containing: today).end
      return Period(
        start: from?.instant ?? .distantPast, end: until?.instant ?? max(tomorrow, afterFrom))
    }

    /// The days seeds are searched for: each list is a search, so only today if nobody asks for more.
    var search: Period {
      guard from == nil, until == nil, date == nil, days == nil else { return lookup }
      return .day(containing: Instant(unixSeconds: UTCClock.seconds()))
    }

    private var afterFrom: Instant { from.map { $0.instant.adding(seconds: 1) } ?? .distantPast }

    private func around(_ instant: Instant, days: Int) -> Period {
      let window = GenerationWindow(around: instant, daysBefore: days, daysAfter: days)
      return Period(start: window.start, end: window.end)
    }
  }

  /// How seeds are searched.
  struct Searching: ParsableArguments {
    @Flag(help: "Search for the seed of names no known seed explains.") var search = false
    @Option(name: .customLong("seed-range"), help: "Try only the seeds LOW..HIGH.")
    var range: SeedRange?
    @Option(help: "Compare so many names of each seed's list; see docs/identify.md.")
    var depth: Int?
    @Flag(help: "Go on when all names are explained: several seeds may give the same names.")
    var exhaustive = false

    func validate() throws {
      if let depth, depth < 1 { throw ValidationError("--depth must be at least 1") }
    }
  }
}

/// `LOW..HIGH`, in decimal or as `0x…`, both included.
struct SeedRange: ExpressibleByArgument {
  let values: ClosedRange<UInt32>

  init?(argument: String) {
    let parts = argument.split(separator: "..", omittingEmptySubsequences: false)
    guard parts.count == 2, let low = SeedRange.number(parts[0]),
      let high = SeedRange.number(parts[1]), low <= high
    else { return nil }
    values = low...high
  }

  private static func number(_ text: Substring) -> UInt32? {
    SeedValue.text(String(text)).number.flatMap { UInt32(exactly: $0) }
  }
}

/// The three questions, one after the other.
private struct IdentifyRun {
  let catalogue: ModelCatalogue
  let ids: [GeneratorID]
  let observed: ObservedFile
  let window: Period
  let searchWindow: Period
  let threads: Int

  func run(_ searching: Models.Identify.Searching) -> IdentifyReport {
    let names = observed.names
    let (matches, problems) = KnownLookup.find(
      names, among: ids, of: catalogue, in: window, threads: threads)
    for problem in problems { StandardError.write(problem) }
    let explained = matches.reduce(into: Set<Int>()) { $0.formUnion($1.positions) }
    let unknown = ObservedNames(
      (0..<names.count).filter { !explained.contains($0) }.map { names[$0] })
    // If the known lists explain everything, the algorithms are still worth a look.
    let compared = unknown.isEmpty ? names : unknown
    let fits = AlgorithmFit.rank(
      ids, of: catalogue, names: compared, around: searchWindow, threads: threads)
    let outcomes = search(unknown, fits, searching)
    return IdentifyReport(
      observed: observed, window: window, matches: matches, unknown: unknown, compared: compared,
      fits: fits, outcomes: outcomes)
  }

  private func search(
    _ unknown: ObservedNames, _ fits: [AlgorithmFit], _ searching: Models.Identify.Searching
  ) -> [SearchOutcome] {
    guard !unknown.isEmpty else {
      if searching.search { StandardError.write("known seeds explain all names: no search") }
      return []
    }
    let candidates = fits.filter { $0.searchSpace != nil && $0.fitCount > 0 }.map(\.selector)
    guard !candidates.isEmpty else {
      if searching.search { StandardError.write("no algorithm that can be searched fits") }
      return []
    }
    guard searching.search else {
      StandardError.write(
        "--search would try the seeds of \(candidates.joined(separator: ", "))")
      return []
    }
    var options = SearchPlan.Options()
    options.values = searching.range?.values
    options.depth = searching.depth
    options.threads = threads
    let plan = SearchPlan(fits, of: catalogue, names: unknown, in: searchWindow, options: options)
    let progress = SearchProgressLine()
    progress.begin(plan, names: unknown.count, threads: threads)
    let run = SeedSearch(
      plan: plan, names: unknown, threads: threads, isExhaustive: searching.exhaustive)
    let outcomes = run.run { progress.show($0) }
    progress.end()
    return outcomes
  }
}

extension AlgorithmFit {
  /// `family` or `family/variant`.
  var selector: String { variant.name.isEmpty ? family : "\(family)/\(variant.name)" }
}
