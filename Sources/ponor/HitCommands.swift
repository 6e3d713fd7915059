import ArgumentParser
import ControlPlane
import DNSServer
import Evidence
import Exporters
import Glibc
import HitLog
import PonorApp
import Settings

/// Opens the database of hits for reading, after taking in what a killed server left behind.
enum HitAccess {
  private static let attempts = 20
  private static let pauseMicroseconds: UInt32 = 100_000

  /// Waits until a running server has stored what was asked for.
  static func waitUntilStored(_ settings: Settings) {
    for _ in 0..<attempts {
      guard let body = try? RunningServer.request(settings, "GET", "/status", seconds: 2),
        let status = try? ControlJSON.decode(ServerStatus.self, from: body),
        status.hits.pending > 0, status.hits.lastError == nil
      else { return }
      usleep(pauseMicroseconds)
    }
  }

  static func open(_ settings: Settings) throws -> HitStore {
    let directory = settings.dataDirectory
    let provenance = IndexProvenance(IndexFiles(dataDirectory: directory))
    // A running server holds the lock and stores its hits itself within a fraction of a second:
    // wait for that, so that who has just asked a name sees it.
    waitUntilStored(settings)
    _ = try? HitLog.recover(
      dataDirectory: directory, source: provenance, now: { UTCClock.microseconds() },
      log: { _, _ in })
    do {
      return try HitStore.open(dataDirectory: directory)
    } catch {
      throw CommandFailure.failed(error.message)
    }
  }
}

/// Which hits are wanted.
struct HitFilter: ParsableArguments {
  @Option(help: "Only from this day or RFC 3339 instant on.") var since: DateArgument?
  @Option(help: "Only before this day or RFC 3339 instant.") var until: DateArgument?
  @Option(help: "Only of this client address.") var client: String?
  @Option(help: "Only of this family.") var family: String?
  @Option(help: "At most so many.") var limit: Int?

  func address() throws -> ClientAddress? {
    guard let client else { return nil }
    guard let address = ClientAddress(client) else {
      throw CommandFailure.usage("'\(client)' is no IP address")
    }
    return address
  }
}

struct Hits: CommandGroup {
  static let configuration = CommandConfiguration(
    abstract: "Show lookups of listed names.", subcommands: [List.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List raw hits, the oldest first.")

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var filter: HitFilter
    @Flag(help: "One JSON object per hit.") var json = false

    func run() throws {
      var query = HitQuery()
      query.since = filter.since?.microseconds
      query.until = filter.until?.microseconds
      query.client = try filter.address()
      query.family = filter.family
      query.limit = filter.limit
      let settings = try configuration.load()
      let store = try HitAccess.open(settings)
      try ReadAudit(settings).note("hits list", subject: try filter.address(), query, store)
      var output = StandardOutput()
      var count = 0
      do {
        try store.forEachHit(query) { hit in
          if count == 0, !json { output.write(HitLines.textHeader) }
          output.write(json ? HitLines.json(hit) : HitLines.text(hit))
          count += 1
        }
      } catch {
        throw CommandFailure.failed(error.message)
      }
      output.flush()
      guard count > 0 else { throw CommandFailure.nothingFound }
    }
  }
}
