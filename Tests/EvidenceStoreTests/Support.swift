import Evidence
import EvidenceParameters
import EvidenceStore
import Foundation
import GRDB
import HitLog
import Synchronization
import Testing

/// A data directory of its own for one test, with hits, a clock that tests set, and engines on it.
final class World: Sendable {
  let path: String
  private let time: Mutex<Int64>
  private let lines = Mutex<[String]>([])

  /// 2026-11-23T03:00:00Z, a Monday.
  static let start: Int64 = 1_795_402_800_000_000
  static let hour: Int64 = 3_600_000_000
  static let day: Int64 = 24 * hour

  init() {
    path = NSTemporaryDirectory() + "ponor-evidence-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    time = Mutex(Self.start)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var now: Int64 { time.withLock { $0 } }
  func advance(_ microseconds: Int64) { time.withLock { $0 += microseconds } }
  func set(_ now: Int64) { time.withLock { $0 = now } }
  var clock: EvidenceClock { { self.now } }
  var sink: HitLogSink { { _, line in self.lines.withLock { $0.append(line) } } }
  var logged: [String] { lines.withLock { $0 } }

  // MARK: Hits

  /// Stores hits in the order given; those an hour apart apart, as the writer folds what comes
  /// together.
  func store(_ hits: [TestHit]) throws {
    var rest = hits[...]
    while let first = rest.first {
      let burst = rest.prefix { abs($0.time - first.time) < Self.hour }
      rest = rest.dropFirst(burst.count)
      try append(Array(burst))
    }
  }

  private func append(_ hits: [TestHit]) throws {
    var options = HitLogOptions(dataDirectory: path, ringCount: 1)
    options.ringBytes = 4096 + (hits.count + 1) * 384
    options.hitRetentionDays = 400
    let log = try HitLog.open(options, source: ListSource(), now: clock, log: sink)
    for hit in hits {
      let octets = hit.wire
      let isTaken = log.rings[0].append(
        hit.event, qname: octets.span, device: hit.device.span)
      guard isTaken else { throw TestFailure() }
    }
    log.stop()
  }

  // MARK: Evidence

  func options() throws -> EvidenceOptions {
    var options = EvidenceOptions(parameters: try EvidenceParameters.builtIn())
    options.resolver = "test"
    return options
  }

  func engine(_ change: (inout EvidenceOptions) -> Void = { _ in }) throws -> EvidenceEngine {
    var options = try options()
    change(&options)
    return EvidenceEngine(dataDirectory: path, options: options, now: clock, log: sink)
  }

  /// Steps an engine until nothing is left to do.
  @discardableResult
  func run(_ engine: EvidenceEngine? = nil) throws -> EvidenceEngine {
    let engine = try engine ?? self.engine()
    for _ in 0..<10_000 {
      switch engine.step() {
      case .more: continue
      case .idle: return engine
      case .failed: throw TestFailure(message: engine.statistics.lastError ?? "?")
      }
    }
    throw TestFailure(message: "the engine does not come to rest")
  }

  func database() throws -> EvidenceDatabase {
    try EvidenceDatabase(path: EvidencePaths(dataDirectory: path).database)
  }

  func reader(_ database: EvidenceDatabase? = nil) throws -> EvidenceReader {
    try EvidenceReader(try database ?? self.database(), options: try options(), now: now)
  }

  func records() throws -> [InfectionRecord] {
    try StoredFeed(dataDirectory: path).entries(after: 0, limit: 1_000_000).map(\.record)
  }

  /// Rows of a query as text, for comparing databases.
  func rows(_ sql: String) throws -> [String] {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(
      path: EvidencePaths(dataDirectory: path).database, configuration: configuration)
    return try queue.read { db in try Row.fetchAll(db, sql: sql).map { "\($0)" } }
  }

  /// Everything that a rebuild must bring back.
  func evidence() throws -> [String] {
    try rows(
      """
      SELECT s.name, e.family, c.uuid, e.first, e.last, e.first_hit, e.last_hit, e.gate,
        e.confidence, e.scope, e.verified, hex(e.state) FROM episodes e
      JOIN suspects s ON s.id = e.suspect JOIN cases c ON c.id = e.case_number ORDER BY 1, 2
      """)
      + rows("SELECT name, hex(state) FROM suspects ORDER BY name")
      + rows("SELECT id, revision, sent_gate, sent_count, hex(summary) FROM days ORDER BY id")
  }

  /// Whether any file of the directory contains octets.
  func contains(_ octets: [UInt8]) throws -> [String] {
    let data = Data(octets)
    let files = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return try files.filter { name in
      var isDirectory: ObjCBool = false
      let file = path + "/" + name
      guard FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory),
        !isDirectory.boolValue
      else { return false }
      return try Data(contentsOf: URL(fileURLWithPath: file)).range(of: data) != nil
    }
  }
}

struct TestFailure: Error {
  var message = ""
}

/// A lookup of the n-th name of a list.
struct TestHit {
  var place: UInt64
  var time: Int64
  var client = "198.51.100.23"
  var transport = HitTransport.udp
  var isVerified = false
  var action = HitAction.sinkhole
  var qtype: UInt16 = 1
  var family = 0
  /// Day of the list, days since 1970; nil = the day of the lookup.
  var listDay: Int64?
  /// The forwarder that told of the client.
  var relay: String?
  /// What it told of the device.
  var device: [UInt8] = []
  /// Bits of the client's address that it told; 0 = all.
  var prefix: UInt8 = 0

  /// Name of a place: twelve letters that tell it apart.
  static func name(_ place: UInt64) -> String {
    var rest = place &* 0x9e37_79b9_7f4a_7c15 ^ place
    let letters = (0..<12).map { _ -> Character in
      defer { rest = rest >> 5 ^ rest &* 0x100_0000_01b3 }
      return Character(UnicodeScalar(UInt8(97 + rest % 26)))
    }
    return String(letters) + ".com"
  }

  var wire: [UInt8] {
    Self.name(place).split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }

  var event: HitEvent {
    let address = ClientAddress(client) ?? ClientAddress(ipv4: 0)
    let server = ClientAddress(ipv4: 0xc000_0235)
    var event = HitEvent(
      timeMicroseconds: time, clientHigh: address.high, clientLow: address.low,
      clientPort: 40_000, serverHigh: server.high, serverLow: server.low, serverPort: 53,
      transport: transport.rawValue, flags: isVerified ? 1 : 0, qtype: qtype,
      action: action.rawValue, generation: 9,
      payload: UInt64(family) << 32 | UInt64(listDay ?? time / World.day) << 16 | place,
      matchedOffset: 0)
    let forwarder = relay.flatMap { ClientAddress($0) } ?? ClientAddress(high: 0, low: 0)
    (event.relayHigh, event.relayLow) = (forwarder.high, forwarder.low)
    event.clientPrefix = prefix
    return event
  }
}

/// Payload = family << 32 | day << 16 | place of the list of that day.
struct ListSource: ProvenanceSource {
  func matches(generation: UInt64, payload: UInt64) -> [ProvenanceMatch] {
    let day = Int64(payload >> 16 & 0xffff)
    let provenance = Provenance(
      family: "family\(payload >> 32)", variant: "v", seed: "s", kind: .model,
      validFrom: day * 86_400, validTo: (day + 1) * 86_400)
    return [ProvenanceMatch(provenance: provenance, ordinal: UInt32(payload & 0xffff))]
  }
}
