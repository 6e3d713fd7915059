import Addressing
import DNSServer
import Testing

/// A TCP server with the test handler on a free loopback port.
struct TestServer {
  let tcp: TCPServer
  let kept: Kept
  let endpoint: SocketEndpoint

  init(
    _ settings: TCPSettings, on host: String = "127.0.0.1", eventLoops: Int = 2, kept: Kept
  ) async throws {
    self.kept = kept
    tcp = Self.make(settings, eventLoops: eventLoops, kept: kept)
    let address = try #require(IPAddress(host))
    endpoint = try await tcp.start(on: [SocketEndpoint(address: address, port: 0)])[0]
  }

  static func make(_ settings: TCPSettings, eventLoops: Int = 2, kept: Kept) -> TCPServer {
    TCPServer(settings: settings, eventLoops: eventLoops, wallClock: { 0 }) { _ in
      TestHandler(kept: kept)
    }
  }

  func connect(from source: String? = nil, receiveBuffer: CInt? = nil) throws -> TestClient {
    try TestClient(endpoint, from: source, receiveBuffer: receiveBuffer)
  }

  /// Waits until the statistics are as wanted; false if that takes longer than ten seconds.
  func wait(until wanted: (TCPStatistics) -> Bool) async -> Bool {
    for _ in 0..<2_000 {
      if wanted(tcp.statistics) { return true }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return false
  }
}

/// Runs `body` with a server that is stopped afterwards.
func withServer(
  _ settings: TCPSettings = TCPSettings(), on host: String = "127.0.0.1", eventLoops: Int = 2,
  _ body: (TestServer) async throws -> Void
) async throws {
  var settings = settings
  settings.drainTimeout = .milliseconds(10)
  let server = try await TestServer(settings, on: host, eventLoops: eventLoops, kept: Kept())
  do {
    try await body(server)
  } catch {
    await server.tcp.stop()
    throw error
  }
  await server.tcp.stop()
}
