import ArgumentParser
import ControlPlane
import DGAKit
import PonorApp
import Settings

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what happens to a query, and why.",
    discussion: """
      Asks the running server; without one, works from the configuration and the newest index on \
      disk. Nothing is recorded, and nobody is asked.
      """)

  @OptionGroup var configuration: ConfigurationOption
  @OptionGroup var query: QueryArguments

  func run() async throws { try await query.explain(configuration) }

  /// The same under `ponor control`.
  struct Trace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell what happens to a query; the same as 'ponor explain'.")

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var query: QueryArguments

    func run() async throws { try await query.explain(configuration) }
  }
}

/// The query to explain.
struct QueryArguments: ParsableArguments {
  @Argument(help: "The name asked for.") var name: String
  @Option(help: "The type asked for.") var type = "A"
  @Option(help: "The client's address.") var client: String
  @Option(help: "The listening address asked, ADDR:PORT; the first if none is given.")
  var listener: String?
  @Option(help: "udp, tcp, dot or doh.") var transport = "udp"
  @Option(help: "Day or RFC 3339 instant to ask at.") var date: DateArgument?
  @Flag(help: "One JSON object.") var json = false

  func explain(_ configuration: ConfigurationOption) async throws {
    let explanation = try await explanation(try configuration.load())
    guard json else { return print(explanation.text, terminator: "") }
    print(String(decoding: try ControlJSON.encode(explanation), as: UTF8.self), terminator: "")
  }

  private var asked: ExplainQuery {
    var query = ExplainQuery(name: name, client: client)
    query.type = type
    query.listener = listener
    query.transport = transport
    query.date = date?.instant.unixSeconds
    return query
  }

  private func explanation(_ settings: Settings) async throws -> Explanation {
    let socket = ControlClient.socketPath(dataDirectory: settings.dataDirectory)
    let response: ControlClient.Response
    do {
      response = try ControlClient.request(socketPath: socket, method: "GET", path: asked.path)
    } catch ControlError.notRunning {
      do {
        return try await OfflineExplanation.explain(asked, settings)
      } catch {
        throw CommandFailure.failed("\(error)")
      }
    } catch {
      throw CommandFailure.failed("\(error)")
    }
    guard response.status == 200 else {
      let result = try ControlJSON.decode(VerbResult.self, from: response.body)
      throw CommandFailure(status: 1, messages: result.errors)
    }
    return try ControlJSON.decode(Explanation.self, from: response.body)
  }
}
