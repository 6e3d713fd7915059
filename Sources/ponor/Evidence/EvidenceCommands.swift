import ArgumentParser
import DNSServer
import Evidence
import EvidenceParameters
import EvidenceStore
import Exporters
import Glibc
import HitLog
import PonorApp
import Settings

struct EvidenceCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "evidence", abstract: "Look after what is concluded from hits.",
    subcommands: [Status.self, Rebuild.self, Quarantine.self, Parameters.self])

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show how far scoring is, and how many episodes there are.")

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
      let access = try EvidenceAccess(try configuration.load())
      let database = access.database
      try EvidenceAccess.storage { () throws(HitStorageError) in
        let summary = try database.summary()
        for gate in InfectionRecord.Gate.allCases.reversed() {
          print("open episodes \(gate.rawValue): \(summary.open[gate.rank])")
        }
        print("episodes: \(summary.episodes), suspects: \(summary.suspects)")
        print("hits scored: up to number \(summary.hits)")
        print("feed: \(summary.records) records, newest sequence \(summary.newestSequence)")
        print("quarantined names: \(summary.quarantined)")
        print("parameters: \(access.options.parameters.version)")
        if summary.isRebuilding { print("stored hits are being scored again") }
      }
    }
  }

  struct Rebuild: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compute episodes again from the stored hits.",
      discussion: """
        Needed after a change of evidence.ipv6_prefix, evidence.shared, evidence.forwarders or of \
        the parameters that say how hits are folded; harmless at any time. Episodes that began \
        before the oldest stored hit stay as they are; case numbers and the work on cases stay.
        """)

    @OptionGroup var configuration: ConfigurationOption

    func run() throws {
      let settings = try configuration.load()
      let access = try EvidenceAccess(settings)
      let plan = try EvidenceAccess.storage { () throws(HitStorageError) in
        let tail = try HitTail(dataDirectory: settings.dataDirectory)
        return try access.database.beginRebuild(from: tail)
      }
      print(
        "computing \(plan.episodes) episodes again from \(plan.hits) hits; "
          + "\(plan.kept) older ones stay as they are")
      try finish(settings, access)
      print("done")
    }

    private static let pauseMicroseconds: UInt32 = 200_000

    /// Steps itself, beside a server that does the same: the steps of both add up.
    private func finish(_ settings: Settings, _ access: EvidenceAccess) throws {
      let engine = EvidenceEngine(
        dataDirectory: settings.dataDirectory, options: access.options,
        subscribers: EvidenceSetup.subscribers(settings), now: { UTCClock.microseconds() },
        log: { _, line in StandardError.write(line) })
      while try EvidenceAccess.storage({ () throws(HitStorageError) in
        try access.database.isRebuilding()
      }) {
        switch engine.step() {
        case .more: continue
        // The newest hits may wait for attribution.
        case .idle: usleep(Self.pauseMicroseconds)
        case .failed:
          throw CommandFailure.failed(engine.statistics.lastError ?? "hits cannot be scored")
        }
      }
      engine.close()
    }
  }

  struct Quarantine: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List names that drew many unlikely clients, or let one count again.",
      discussion: "A quarantined name says nothing about infections until somebody looks at it.")

    @OptionGroup var configuration: ConfigurationOption
    @Option(help: "Take this name out of quarantine.") var release: String?
    @Flag(help: "One JSON object per name.") var json = false

    func run() throws {
      let database = try EvidenceAccess(try configuration.load()).database
      if let release {
        let isDone = try EvidenceAccess.storage { () throws(HitStorageError) in
          try database.release(release)
        }
        guard isDone else {
          throw CommandFailure.failed(
            "'\(SafeText.terminal(release))' is not in quarantine; see 'ponor evidence quarantine'")
        }
        return print("\(SafeText.terminal(release)) counts again")
      }
      let names = try EvidenceAccess.storage { () throws(HitStorageError) in
        try database.quarantined()
      }
      guard !names.isEmpty else { throw CommandFailure.nothingFound }
      for name in names { print(json ? Self.json(name) : Self.text(name)) }
    }

    private static func text(_ name: QuarantinedName) -> String {
      "\(SafeText.terminal(name.name))  \(SafeText.terminal(name.family))  "
        + "\(name.clients) clients  since \(UTCTime.rfc3339(microseconds: name.since))  "
        + SafeText.terminal(name.reason)
    }

    private static func json(_ name: QuarantinedName) -> String {
      "{\"name\":\(SafeText.json(name.name)),\"family\":\(SafeText.json(name.family)),"
        + "\"clients\":\(name.clients),\"since_time\":"
        + "\"\(UTCTime.rfc3339(microseconds: name.since))\","
        + "\"reason\":\(SafeText.json(name.reason))}"
    }
  }

  struct Parameters: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the built-in numbers of the scoring model, each explained.",
      discussion: "Copy and change them, and name the file in evidence.parameters.")

    func run() {
      print(String(decoding: EvidenceParameters.builtInFile, as: UTF8.self), terminator: "")
    }
  }
}
