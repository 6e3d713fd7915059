import ArgumentParser
import Attribution
import AttributionService
import AttributionSources
import DNSServer
import PonorApp
import Settings

extension AttributionCommands {
  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Answer the server which lines hits were, at attribution.socket.",
      discussion: """
        Run it as the user that may read the index. A newer index is taken up by itself; each request \
        adds a line to attribution.audit.
        """)

    @OptionGroup var configuration: ConfigurationOption

    func run() async throws {
      let settings = try configuration.load()
      let attribution = settings.attribution
      guard let socket = attribution.socket else {
        throw CommandFailure.failed(
          "there is no place to answer at: set attribution.socket (docs/attribution.md)")
      }
      let index = CurrentSubscriberIndex(
        path: attribution.index, tolerance: attribution.tolerance.milliseconds * 1000,
        delay: attribution.delay.milliseconds * 1000)
      do {
        try await AttributionServer.serve(
          socketPath: socket, lookup: index, audit: AuditFile.requests(attribution.audit),
          now: { UTCClock.microseconds() },
          logger: LogOutput.logger(LogOutput.Options(settings.log)))
      } catch {
        throw CommandFailure.failed("\(error)")
      }
    }
  }
}
