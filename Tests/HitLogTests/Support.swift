import Evidence
import Foundation
import HitLog
import Synchronization

/// A directory of its own for one test, removed with the value.
final class TemporaryDirectory: Sendable {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "ponor-hits-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Names of the files directly in it whose name starts with `prefix`.
  func files(_ prefix: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted()
  }
}

/// A clock that tests set, and the lines the log wrote.
final class TestWorld: Sendable {
  private let time = Mutex<Int64>(1_795_317_247_000_000)
  private let written = Mutex<[(HitLogLevel, String)]>([])

  var clock: MicrosecondClock { { self.time.withLock { $0 } } }
  var sink: HitLogSink { { level, line in self.written.withLock { $0.append((level, line)) } } }
  var now: Int64 { time.withLock { $0 } }
  func advance(seconds: Int64) { time.withLock { $0 += seconds * 1_000_000 } }
  var lines: [String] { written.withLock { $0.map(\.1) } }
  var errors: [String] { written.withLock { $0.filter { $0.0 == .error }.map(\.1) } }
}

/// Explains payload p as the p-th name of one family; payloads from 1,000 are unknown, and 500 to
/// 599 belong to two families.
struct TestSource: ProvenanceSource {
  static let day = Provenance(
    family: "testfam", variant: "v1", seed: "s", kind: .model, validFrom: 1_795_305_600,
    validTo: 1_795_392_000)
  static let other = Provenance(
    family: "otherfam", variant: "", seed: "", kind: .feed, validFrom: nil, validTo: nil)

  func matches(generation: UInt64, payload: UInt64) -> [ProvenanceMatch] {
    if payload >= 1000 { return [] }
    let first = ProvenanceMatch(provenance: Self.day, ordinal: UInt32(payload))
    if (500..<600).contains(payload) {
      return [first, ProvenanceMatch(provenance: Self.other, ordinal: nil)]
    }
    return [first]
  }
}

/// An event for tests, each field with a default.
func event(
  _ payload: UInt64 = 0, time: Int64 = 1_795_317_247_000_000, client: String = "198.51.100.23",
  port: UInt16 = 40_000, transport: UInt8 = 0, flags: UInt8 = 0, qtype: UInt16 = 1,
  action: UInt8 = 1, matched: UInt8 = 0
) -> HitEvent {
  let address = ClientAddress(client) ?? ClientAddress(ipv4: 0)
  let server = ClientAddress(ipv4: 0xc000_0235)
  return HitEvent(
    timeMicroseconds: time, clientHigh: address.high, clientLow: address.low, clientPort: port,
    serverHigh: server.high, serverLow: server.low, serverPort: 53, transport: transport,
    flags: flags, qtype: qtype, action: action, generation: 9, payload: payload,
    matchedOffset: matched)
}

/// Wire form of a name given with dots.
func wire(_ name: String) -> [UInt8] {
  name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
}

extension HitRing {
  /// Appends an event whose name is given as text.
  @discardableResult
  func append(_ event: HitEvent, _ name: String) -> Bool {
    let octets = wire(name)
    return append(event, qname: octets.span)
  }
}

extension HitLog {
  /// Opens a log on small rings, without its thread: `stop` stores what was appended.
  static func open(
    _ directory: TemporaryDirectory, _ world: TestWorld, rings: Int = 1, records: Int = 64,
    source: any ProvenanceSource = TestSource()
  ) throws -> HitLog {
    var options = HitLogOptions(dataDirectory: directory.path, ringCount: rings)
    options.ringBytes = 4096 + records * 384
    return try HitLog.open(options, source: source, now: world.clock, log: world.sink)
  }
}

/// All hits stored in a directory.
func storedHits(_ directory: TemporaryDirectory, _ query: HitQuery = HitQuery()) throws -> [HitRow]
{
  try HitStore.open(dataDirectory: directory.path).hits(query)
}

/// The built helper program.
func helperPath() -> String {
  var directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  while directory.path != "/",
    !FileManager.default.fileExists(atPath: directory.appendingPathComponent("Package.swift").path)
  {
    directory.deleteLastPathComponent()
  }
  return directory.path + "/.build/release/hit-crash-helper"
}
