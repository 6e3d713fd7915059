import ArgumentParser
import ControlPlane

struct Health: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say whether the running server is fit to serve.",
    discussion: """
      Exit status 0 = fit, 1 = unfit (each reason on a line) or not running. For scripts that \
      announce and withdraw routes.
      """)

  /// A server that takes longer to say how it is is not well.
  private static let patienceSeconds = 5

  @OptionGroup var configuration: ConfigurationOption
  @Flag(help: "Print nothing, only end with the status.") var quiet = false

  func run() throws {
    let body = try RunningServer.request(
      try configuration.load(), "GET", "/healthz", seconds: Self.patienceSeconds)
    let report = try ControlJSON.decode(HealthReport.self, from: body)
    if !quiet {
      print(report.healthy ? "fit" : report.reasons.joined(separator: "\n"))
    }
    guard report.healthy else { throw CommandFailure.nothingFound }
  }
}
