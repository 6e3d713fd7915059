import ArgumentParser
import Glibc
import PonorApp

/// The command line: one file per group of commands.
@main
struct Ponor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ponor",
    abstract: "A DNS resolver that knows what domains botnets will ask for tomorrow.",
    version: ServerVersion.text,
    subcommands: [
      Serve.self, Reload.self, Status.self, Control.self, Explain.self, Health.self,
      SandboxCommands.self, Config.self,
      Models.self, IndexCommands.self,
      Hits.self, Infections.self, EvidenceCommands.self, PrivacyCommands.self, Export.self,
      Deliver.self, AttributionCommands.self,
    ])

  /// Exit status: 0 = done, 1 = found nothing or failed, 2 = usage (DESIGN §4); errors are one line.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if let serve = command as? Serve {
        // The sandbox holds for the thread that puts it up and those it starts: it comes first.
        try await serve.serve(serve.prepare())
      } else if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as CommandFailure {
      failure.report()
      Glibc.exit(failure.status)
    } catch {
      end(with: error)
    }
  }

  private static func end(with error: any Error) -> Never {
    // Help and version are asked for by throwing; they are no errors.
    if exitCode(for: error) == .success { exit(withError: error) }
    if exitCode(for: error) == .validationFailure {
      let lines = fullMessage(for: error).split(separator: "\n").map(String.init)
      StandardError.write(lines.first ?? "wrong usage")
      Glibc.exit(2)
    }
    StandardError.write("\(error)")
    Glibc.exit(1)
  }
}
