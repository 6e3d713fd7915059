import ControlPlane
import FoundationEssentials
import Glibc
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

/// A control source with fixed answers that counts reloads.
final class TestSource: ControlSource {
  let reloads = Atomic<Int>(0)
  private let healthReport: HealthReport
  private let reloadResult: ReloadResult

  init(health: HealthReport = HealthReport(), reload: ReloadResult = ReloadResult()) {
    healthReport = health
    reloadResult = reload
  }

  static var status: ServerStatus {
    var status = ServerStatus(
      version: "0.1.0", pid: 4_711, started: Date(timeIntervalSince1970: 1_700_000_000),
      uptimeSeconds: 93_784, mode: "recursive")
    var index = IndexStatus(
      generation: "20231114T000000Z-1", built: Date(timeIntervalSince1970: 1_699_920_000),
      windowFrom: Date(timeIntervalSince1970: 1_699_315_200),
      windowTo: Date(timeIntervalSince1970: 1_700_092_800))
    index.names = 1_234_567
    index.rows = 1_300_000
    index.families = 17
    index.bytes = 19_000_000
    index.ageSeconds = 173_784
    status.index = index
    status.queries.udp = 1_000
    status.queries.tcp = 10
    status.queries.total = 1_010
    status.queries.byKind.sinkholed = 3
    status.queries.byKind.cacheHit = 900
    status.hits.lastError = "disk full"
    status.cache.entries = 12
    status.cache.hits = 3
    status.cache.misses = 1
    status.zones = [ZoneStatus(name: "example.net.", serial: 7, records: 12)]
    status.warnings = ["the index is stale"]
    return status
  }

  func status() async -> ServerStatus { Self.status }
  func health() async -> HealthReport { healthReport }
  func metrics() async -> [MetricSample] {
    [MetricSample("ponor_up", .gauge, help: "Whether the server runs.", value: 1)]
  }
  func reload() async -> ReloadResult {
    reloads.add(1, ordering: .relaxed)
    return reloadResult
  }
}

/// A running control plane in a temporary directory.
struct TestControl: Sendable {
  let directory: String
  let httpPort: Int

  var socketPath: String { ControlClient.socketPath(dataDirectory: directory) }

  func request(_ method: String, _ path: String) async throws -> ControlClient.Response {
    try await blocking {
      try ControlClient.request(socketPath: socketPath, method: method, path: path)
    }
  }

  func httpStatus(_ method: String, _ path: String) async throws -> Int? {
    try await blocking { try HTTPProbe.status(port: httpPort, method, path) }
  }
}

/// Runs blocking calls away from the tasks' threads, which the server under test needs itself.
func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws
  -> Result
{
  try await NIOThreadPool.singleton.runIfActive(body)
}

/// Makes an empty directory, short enough for a socket, and removes it afterwards.
func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  var template = Array("/tmp/ponor-XXXXXX".utf8CString)
  try #require(mkdtemp(&template) != nil)
  let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try await body(path)
}

/// Runs `body` beside a control plane that takes connections on both listeners.
func withControl(
  _ source: any ControlSource, in directory: String, _ body: (TestControl) async throws -> Void
) async throws {
  let (events, listening) = AsyncStream.makeStream(of: ControlListener.self)
  let server = ControlServer(
    socketPath: ControlClient.socketPath(dataDirectory: directory), http: ("127.0.0.1", 0),
    source: source, on: MultiThreadedEventLoopGroup.singleton,
    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    onListening: { listening.yield($0) })
  let services = ServiceGroup(services: [server], logger: Logger(label: "test"))
  try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask {
      defer { listening.finish() }
      try await services.run()
    }
    var port = 0
    var awaited = 2
    for await listener in events {
      if case .http(_, let chosen) = listener { port = chosen }
      awaited -= 1
      if awaited == 0 { break }
    }
    if awaited == 0 {
      try await body(TestControl(directory: directory, httpPort: port))
      await services.triggerGracefulShutdown()
    }
    try await tasks.waitForAll()
  }
}
