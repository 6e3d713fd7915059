import Delivery
import DeliveryRules
import Evidence
import Exporters
import Foundation
import Synchronization

/// A feed in memory.
final class MemoryFeed: RecordFeed {
  private let all = Mutex<[FeedEntry]>([])

  func append(_ record: InfectionRecord, added: Int64 = 0) {
    all.withLock { all in
      all.append(
        FeedEntry(sequence: (all.last?.sequence ?? 0) + 1, added: added, record: record))
    }
  }

  func erase(_ sequence: Int64) { all.withLock { $0.removeAll { $0.sequence == sequence } } }

  func restart() { all.withLock { $0 = [] } }

  func entries(after sequence: Int64, limit: Int) throws -> [FeedEntry] {
    all.withLock { Array($0.filter { $0.sequence > sequence }.prefix(limit)) }
  }

  func newestSequence() throws -> Int64 { all.withLock { $0.last?.sequence ?? 0 } }
}

/// A receiver that does what it is told.
final class ScriptedSink: MessageSink {
  /// What the next calls answer; empty = everything is taken.
  var script: [SendOutcome] = []
  private(set) var taken: [OutgoingMessage] = []
  private(set) var offered: [[String]] = []

  func send(_ messages: [OutgoingMessage], now: Int64) -> SendOutcome {
    offered.append(messages.map(\.id))
    let outcome =
      script.isEmpty ? SendOutcome(accepted: messages.count) : script.removeFirst()
    taken += messages.prefix(outcome.accepted)
    return outcome
  }
}

/// A folder that goes with the test.
final class TemporaryFolder {
  let path = NSTemporaryDirectory() + "ponor-delivery-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
  }

  var files: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
      .filter { !$0.contains("sqlite") }
  }
}

/// A desk with one sink.
struct Desk {
  static let second: Int64 = 1_000_000
  /// 2026-11-24T12:00:00Z.
  static let noon: Int64 = 1_795_521_600 * second

  let folder: TemporaryFolder
  let store: DeliveryStore
  let feed = MemoryFeed()
  let sink = ScriptedSink()
  var plan: SinkPlan

  init() throws {
    folder = try TemporaryFolder()
    store = try DeliveryStore(path: folder.path + "/delivery.sqlite")
    // Steps run on the test's own thread.
    nonisolated(unsafe) let sink = sink
    let format = MessageFormat(named: "json", options: ExportOptions())
    plan = SinkPlan(
      name: "soc", fingerprint: "1", recipient: Recipient(name: "soc"),
      target: .messages(format, make: { sink }))
  }

  /// A fresh runner, as after a restart.
  ///
  /// - Parameter made: when the sink appears, if this is its first.
  func runner(made: Int64 = 0) throws -> SinkRunner {
    let runner = SinkRunner(plan, feed: feed, store: store, chance: { 0 })
    try runner.adopt(now: made)
    return runner
  }

  /// Steps until there is nothing to do now.
  @discardableResult
  func run(_ runner: SinkRunner, now: Int64 = noon) throws -> SinkRunner.Next {
    for _ in 0..<1_000 {
      let next = try runner.step(now: now)
      if next != .again { return next }
    }
    return .again
  }

  var state: SinkState {
    get throws {
      guard let state = try store.state("soc") else { throw CancellationError() }
      return state
    }
  }

  static func record(
    _ number: Int, revision: Int = 1, change: InfectionRecord.Change = .opened,
    day: String = "2026-11-23", gate: InfectionRecord.Gate = .likely
  ) -> InfectionRecord {
    let first = day == "2026-11-24" ? noon : noon - 86_400 * second
    return InfectionRecord(
      id: UUIDv5.text("record \(number)"), revision: revision, change: change,
      episode: UUIDv5.text("episode \(number)"), caseNumber: "PN-2026-\(number)", day: day,
      firstMicroseconds: first, lastMicroseconds: first, episodeFirstMicroseconds: first, count: 3,
      distinctNames: 1,
      client: InfectionRecord.Client(
        address: "198.51.100.\(number % 250 + 1)", port: 53_000, transport: "udp", scope: .line),
      serverAddress: "192.0.2.53", serverPort: 53, family: "conficker",
      lookups: [
        InfectionRecord.Lookup(
          microseconds: first, qname: "a.example", listedName: "a.example", qtype: "A",
          port: 53_000, transport: "udp", action: "sinkhole")
      ], gate: gate, confidence: 0.9)
  }
}
