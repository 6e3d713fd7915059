import Addressing
import ArgumentParser
import Attribution
import AttributionSources
import DNSServer
import Evidence
import Foundation
import Glibc
import Settings

struct AttributionCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "attribution",
    abstract: "Find which subscriber line had an address and port at an instant.",
    subcommands: [Build.self, Serve.self, Lookup.self, Status.self, Speed.self])

  struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read all attribution sources and write the index anew.")

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
      let settings = try configuration.load().attribution
      guard !settings.sources.isEmpty else {
        throw CommandFailure.failed(
          "there is nothing to read: name files in attribution.sources (docs/attribution.md)")
      }
      let build = AttributionBuild(settings)
      let report: AttributionBuild.Report
      do {
        report = try build.run(now: UTCClock.microseconds())
      } catch let failure as BuildFailure {
        throw CommandFailure(status: 1, messages: failure.messages)
      } catch let error as SubscriberIndexError {
        throw CommandFailure.failed(error.message)
      }
      for source in report.sources { show(source) }
      if report.refused > 0 {
        StandardError.write("\(report.refused) intervals left out: the index is full")
      }
      print(
        "\(settings.index): \(report.fileSize) octets; \(report.expired) old intervals left out")
    }

    private func show(_ source: AttributionBuild.SourceReport) {
      print(SourceLine.text(source.summary))
      for flaw in source.flaws { StandardError.write(flaw.description) }
      let more = source.summary.malformed - source.flaws.count
      if more > 0 {
        StandardError.write("\(source.summary.path): \(more) more rows that cannot be read")
      }
    }
  }

  struct Lookup: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say which line had an address; each look-up is put on record.",
      discussion: "Exit status: 0 = exactly one line had it, 1 = ambiguous or unknown.")

    @Argument(help: "IP address.") var address: String
    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "Its source port; needed where lines share an address.") var port: UInt16?
    @Option(help: "tcp, udp or a protocol number.") var proto: String?
    @Option(
      help: "The instant: RFC 3339 with up to microseconds, or seconds since 1970; now without.")
    var at: String?
    @Option(help: "Why, for the record.") var reason = ""
    @Flag(help: "Print a JSON object.") var json = false

    func run() throws {
      let settings = try configuration.load().attribution
      let now = UTCClock.microseconds()
      let question = try question(now: now)
      let index = try AttributionCommands.open(settings)
      let answer = index.answer(question, tolerance: settings.tolerance.milliseconds * 1000)
      let entry = LookupAudit(
        time: now, user: Self.user(), reason: reason, question: question, answer: answer)
      do {
        try AuditFile.sink(settings.audit)(entry)
      } catch let failure as AuditFailure {
        throw CommandFailure.failed(failure.message)
      }
      print(json ? AnswerText.json(question, answer) : AnswerText.line(answer))
      guard answer.state == .unique else { throw CommandFailure.nothingFound }
    }

    private func question(now: Int64) throws -> AttributionQuestion {
      guard let address = IPAddress(address) else {
        throw CommandFailure.usage("'\(address)' is no IP address")
      }
      guard let transport = PortText.transport(proto.map { Octets($0.utf8) }) else {
        throw CommandFailure.usage("'\(proto ?? "")' is no protocol; write tcp, udp or a number")
      }
      guard let instant = at.map({ InstantText.parse(Octets($0.utf8)) }) ?? now else {
        throw CommandFailure.usage("'\(at ?? "")' is no instant; write 2026-11-23T13:37:00Z")
      }
      return AttributionQuestion(
        address: address, port: port, transport: transport, instant: instant)
    }

    /// The user behind sudo, if there is one: who asked, not who may.
    private static func user() -> String {
      let environment = ProcessInfo.processInfo.environment
      if getuid() == 0, let caller = environment["SUDO_USER"] { return caller }
      return getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "uid \(getuid())"
    }
  }

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check the index and show what was read to make it.")

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Print a JSON object.") var json = false

    func run() throws {
      let settings = try configuration.load().attribution
      let index = try AttributionCommands.open(settings)
      if json { return print(IndexText.json(index)) }
      print(IndexText.line(index))
      for source in index.sources { print(SourceLine.text(source)) }
    }
  }

  struct Speed: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Measure how long look-ups take; what they find is not shown.")

    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "How many look-ups, of intervals all over the index.") var lookups = 1_000_000

    func run() throws {
      let settings = try configuration.load().attribution
      let clock = ContinuousClock()
      let begun = clock.now
      let index = try AttributionCommands.open(settings)
      print("opened and checked in \(LookupSpeed.milliseconds(clock.now - begun)) ms")
      guard index.intervalCount > 0 else { throw CommandFailure.nothingFound }
      let speed = LookupSpeed(
        index, count: max(1, lookups), tolerance: settings.tolerance.milliseconds * 1000)
      print(speed.line)
    }
  }

  fileprivate static func open(_ settings: Settings.Attribution) throws -> SubscriberIndex {
    do throws(SubscriberIndexError) {
      return try SubscriberIndex(path: settings.index)
    } catch {
      throw CommandFailure.failed(error.message)
    }
  }
}

extension AttributionBuild {
  init(_ settings: Settings.Attribution) {
    let sources = settings.sources.map { source in
      var options = ReaderOptions()
      options.key = source.key
      options.interim = source.interim.map { $0.milliseconds * 1000 }
      options.utcOffset = source.utcOffset.map { Int64($0) * 60 }
      // A test holds the two lists of formats equal.
      let format = SourceFormat(rawValue: source.format.rawValue) ?? .intervals
      return AttributionSource(format: format, path: source.path, options: options)
    }
    self.init(
      sources: sources, indexPath: settings.index, mode: settings.readers == .owner ? 0o600 : 0o640,
      keep: settings.keep.milliseconds * 1000)
  }
}
