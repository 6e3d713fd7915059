import ArgumentParser
import ControlPlane
import PonorApp
import Settings

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the server.",
    discussion: "SIGHUP or 'ponor reload' reads the configuration again; SIGTERM stops it.")

  @OptionGroup var configuration: ConfigurationOption
  @Flag(help: "Take the place of the server that runs on the data directory.")
  var takeover = false

  func run() async throws { try await serve(prepare()) }

  /// Takes the first steps, on the one thread there is before anything asynchronous runs.
  func prepare() throws -> ServeCommand.Prepared {
    let settings = try configuration.load()
    do {
      return try ServeCommand.prepare(
        settings, configuration: configuration.config, takeover: takeover)
    } catch {
      throw CommandFailure.failed("\(error)")
    }
  }

  /// Serves until the end.
  func serve(_ prepared: ServeCommand.Prepared) async throws {
    do {
      try await ServeCommand.run(prepared)
    } catch {
      throw CommandFailure.failed("\(error)")
    }
  }
}

/// Talks to the server that runs on a data directory.
enum RunningServer {
  static func request(
    _ settings: Settings, _ method: String, _ path: String,
    seconds: Int = ControlClient.timeoutSeconds
  ) throws -> [UInt8] {
    let socket = ControlClient.socketPath(dataDirectory: settings.dataDirectory)
    do {
      return try ControlClient.request(
        socketPath: socket, method: method, path: path, timeoutSeconds: seconds
      ).body
    } catch {
      throw CommandFailure.failed("\(error)")
    }
  }
}

struct Reload: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Have the running server read its configuration again.")

  /// Seconds a new index may take: 100 million names need a few minutes.
  private static let longestBuild = 1800

  @OptionGroup var configuration: ConfigurationOption

  func run() throws {
    let body = try RunningServer.request(
      try configuration.load(), "POST", "/reload", seconds: Self.longestBuild)
    let result = try ControlJSON.decode(ReloadResult.self, from: body)
    for change in result.applied { print("applied: \(change)") }
    for change in result.needsRestart { print("not applied: \(change)") }
    guard result.errors.isEmpty else {
      throw CommandFailure(status: 1, messages: result.errors)
    }
  }
}

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Show how the running server does.")

  @OptionGroup var configuration: ConfigurationOption
  @Flag(help: "One JSON object.") var json = false

  func run() throws {
    let body = try RunningServer.request(try configuration.load(), "GET", "/status")
    guard !json else {
      print(String(decoding: body, as: UTF8.self))
      return
    }
    print(StatusText.render(try ControlJSON.decode(ServerStatus.self, from: body)))
  }
}
