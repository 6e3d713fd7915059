import ControlPlane
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@Suite("Control plane", .serialized)
struct ControlServerTests {
  @Test("status goes through the socket and back unchanged")
  func status() async throws {
    try await withDirectory { directory in
      try await withControl(TestSource(), in: directory) { control in
        let response = try await control.request("GET", "/status")
        #expect(response.status == 200)
        #expect(try ControlJSON.decode(ServerStatus.self, from: response.body) == TestSource.status)
        let text = String(decoding: response.body, as: UTF8.self)
        for key in ["uptime_seconds", "window_from", "by_kind", "cache_hit", "last_error"] {
          #expect(text.contains("\"\(key)\""))
        }
        #expect(text.contains("\"started\" : \"2023-11-14T22:13:20Z\""))
      }
    }
  }

  @Test("health is 200 when fit and 503 with reasons when not")
  func health() async throws {
    let sick = HealthReport(reasons: ["no index"])
    for (report, status) in [(HealthReport(), 200), (sick, 503)] {
      try await withDirectory { directory in
        try await withControl(TestSource(health: report), in: directory) { control in
          let response = try await control.request("GET", "/healthz")
          #expect(response.status == status)
          #expect(try ControlJSON.decode(HealthReport.self, from: response.body) == report)
        }
      }
    }
  }

  @Test("reload works on the socket, says what it did, and is refused over TCP")
  func reload() async throws {
    let result = ReloadResult(applied: ["sinkhole.ttl"], needsRestart: ["server.listen"])
    let source = TestSource(reload: result)
    try await withDirectory { directory in
      try await withControl(source, in: directory) { control in
        let response = try await control.request("POST", "/reload")
        #expect(response.status == 200)
        #expect(try ControlJSON.decode(ReloadResult.self, from: response.body) == result)
        #expect(try await control.httpStatus("POST", "/reload") == 403)
        #expect(try await control.httpStatus("GET", "/healthz") == 200)
        #expect(try await control.httpStatus("GET", "/status") == 200)
        #expect(try await control.httpStatus("GET", "/nothing") == 404)
      }
    }
    #expect(source.reloads.load(ordering: .relaxed) == 1)
  }

  @Test("a reload with errors is a 422")
  func failedReload() async throws {
    let source = TestSource(reload: ReloadResult(errors: ["ponor.yaml:3: unknown key"]))
    try await withDirectory { directory in
      try await withControl(source, in: directory) { control in
        let response = try await control.request("POST", "/reload")
        #expect(response.status == 422)
      }
    }
  }

  @Test("metrics are Prometheus text")
  func metrics() async throws {
    try await withDirectory { directory in
      try await withControl(TestSource(), in: directory) { control in
        let body = String(
          decoding: try await control.request("GET", "/metrics").body, as: UTF8.self)
        #expect(
          body == """
            # HELP ponor_up Whether the server runs.
            # TYPE ponor_up gauge
            ponor_up 1

            """)
      }
    }
  }

  @Test("the socket is its owner's alone, and gone with the server")
  func socketMode() async throws {
    try await withDirectory { directory in
      try await withControl(TestSource(), in: directory) { control in
        var details = stat()
        #expect(lstat(control.socketPath, &details) == 0)
        #expect(details.st_mode & 0o7777 == 0o600)
        let files = try FileManager.default.contentsOfDirectory(atPath: directory)
        #expect(files == ["control.sock"])
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
    }
  }
}

@Suite("Control socket of others", .serialized)
struct ControlSocketTests {
  @Test("a live server's socket is left alone")
  func live() async throws {
    try await withDirectory { directory in
      try await withControl(TestSource(), in: directory) { control in
        await #expect(throws: ControlError.alreadyRunning(path: control.socketPath)) {
          try await withControl(TestSource(), in: directory) { _ in }
        }
        let response = try await control.request("GET", "/healthz")
        #expect(response.status == 200)
      }
    }
  }

  @Test("a dead server's socket is replaced")
  func stale() async throws {
    try await withDirectory { directory in
      let path = ControlClient.socketPath(dataDirectory: directory)
      try HTTPProbe.leaveDeadSocket(path)
      #expect(throws: ControlError.notRunning(dataDirectory: directory)) {
        try ControlClient.request(socketPath: path, method: "GET", path: "/status")
      }
      try await withControl(TestSource(), in: directory) { control in
        let response = try await control.request("GET", "/healthz")
        #expect(response.status == 200)
      }
    }
  }

  @Test("a file that is no socket is never removed")
  func notASocket() async throws {
    try await withDirectory { directory in
      let path = ControlClient.socketPath(dataDirectory: directory)
      try #require(FileManager.default.createFile(atPath: path, contents: Data()))
      await #expect(throws: ControlError.notASocket(path: path)) {
        try await withControl(TestSource(), in: directory) { _ in }
      }
      #expect(FileManager.default.fileExists(atPath: path))
    }
  }

  @Test("errors are one line and say what to do")
  func errors() async throws {
    try await withDirectory { directory in
      let path = ControlClient.socketPath(dataDirectory: directory)
      let error = #expect(throws: ControlError.self) {
        try ControlClient.request(socketPath: path, method: "GET", path: "/status")
      }
      #expect(
        error?.description.hasPrefix(
          "no server is running on data directory \(directory): start it with `ponor serve`")
          == true)
    }
    let long = String(repeating: "x", count: 108)
    #expect(throws: ControlError.pathTooLong(long)) {
      try ControlClient.request(socketPath: long, method: "GET", path: "/status")
    }
  }

  @Test("a server that does not answer is given up on")
  func timeout() async throws {
    try await withDirectory { directory in
      let path = ControlClient.socketPath(dataDirectory: directory)
      let silent = try HTTPProbe.listen(path)
      defer { close(silent) }
      #expect(throws: ControlError.timeout(path: path, seconds: 1)) {
        try ControlClient.request(
          socketPath: path, method: "GET", path: "/status", timeoutSeconds: 1)
      }
    }
  }
}
