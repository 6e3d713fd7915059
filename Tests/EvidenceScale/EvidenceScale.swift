import Evidence
import EvidenceParameters
import EvidenceStore
import Exporters
import Foundation
import HitLog

/// Stores, scores and exports a large population, and says what each costs.
///
/// ```
/// evidence-scale DIR CLIENTS HITS-PER-CLIENT
/// ```
/// Every client runs one of 100 families: two bursts of half its lookups each, one name after the
/// other, a thousand clients at the same time. One JSON object per stage goes to standard output.
@main
struct EvidenceScale {
  let directory: String
  let clients: Int
  let hitsPerClient: Int

  /// 2026-11-23T00:10:00Z.
  static let start: Int64 = 1_795_392_600_000_000
  /// Clients whose bursts overlap.
  static let together = 1000
  /// Hits stored before the engine runs.
  static let piece = 500_000

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().map { String($0) }
    guard arguments.count == 3, let clients = Int(arguments[1]), let hits = Int(arguments[2]) else {
      print("usage: evidence-scale DIR CLIENTS HITS-PER-CLIENT")
      exit(2)
    }
    try FileManager.default.createDirectory(
      atPath: arguments[0], withIntermediateDirectories: true)
    try EvidenceScale(directory: arguments[0], clients: clients, hitsPerClient: hits).run()
  }

  func run() throws {
    let clock = ManualClock(Self.start)
    let engine = EvidenceEngine(
      dataDirectory: directory,
      options: EvidenceOptions(parameters: try EvidenceParameters.builtIn()), now: clock.read,
      log: { print($0, $1) })
    var options = HitLogOptions(dataDirectory: directory, ringCount: 1)
    options.ringBytes = (Self.piece + 16) * 384 + 4096
    var storing = 0.0
    var scoring = 0.0
    var population = Population(clients: clients, hitsPerClient: hitsPerClient)
    while !population.isEmpty {
      storing += try measure {
        let log = try HitLog.open(
          options, source: NumberedSource(), now: clock.read, log: { print($0, $1) })
        for _ in 0..<Self.piece {
          guard let (event, name) = population.next() else { break }
          guard log.rings[0].append(event, qname: name.span) else { fatalError("ring full") }
        }
        log.stop()
      }
      scoring += try measure { try rest(engine) }
    }
    report("store", storing)
    report("score", scoring)
    clock.set(Self.start + 30 * 3_600_000_000)
    report("end of day", try measure { try rest(engine) })
    engine.close()
    report("export", try measure(export))
  }

  private func rest(_ engine: EvidenceEngine) throws {
    while true {
      switch engine.step() {
      case .more: continue
      case .idle: return
      case .failed: throw HitStorageError(kind: .other, message: engine.statistics.lastError ?? "")
      }
    }
  }

  /// The newest record of every episode as canonical JSON.
  private func export() throws {
    var format = CanonicalFormat(options: ExportOptions())
    var (records, octets) = (0, 0)
    try StoredFeed(dataDirectory: directory).forEachRecord(since: nil, until: nil) { entry in
      if case .text(let text) = format.body(entry.record) { octets += text.utf8.count }
      records += 1
    }
    print("{\"records\": \(records), \"export_octets\": \(octets)}")
  }

  // MARK: - Measuring

  private func measure(_ body: () throws -> Void) rethrows -> Double {
    let start = Self.processorSeconds
    try body()
    return Self.processorSeconds - start
  }

  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private func report(_ stage: String, _ seconds: Double) {
    let hits = clients * hitsPerClient
    let each = Int((seconds * 1e9 / Double(hits)).rounded())
    print(
      "{\"stage\": \"\(stage)\", \"hits\": \(hits), \"clients\": \(clients), "
        + "\"processor_seconds\": \((seconds * 10).rounded() / 10), "
        + "\"nanoseconds_per_hit\": \(each), \"peak_kib\": \(Self.peakKiB), "
        + "\"hits_octets\": \(size("ponor.sqlite")), "
        + "\"evidence_octets\": \(size("evidence.sqlite"))}")
  }

  private static var peakKiB: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
  }

  private func size(_ name: String) -> Int {
    ["", "-wal"].reduce(0) { sum, suffix in
      var status = stat()
      return stat("\(directory)/\(name)\(suffix)", &status) == 0 ? sum + Int(status.st_size) : sum
    }
  }
}
