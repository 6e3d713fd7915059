import ArgumentParser
import Operation
import PonorApp
import Settings

struct SandboxCommands: CommandGroup {
  static let configuration = CommandConfiguration(
    commandName: "sandbox", abstract: "What confines the server.",
    subcommands: [SandboxCheckCommand.self])
}

struct SandboxCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Put the sandbox up in this process and try what an attacker would.",
    discussion: "Exit status 0 = everything forbidden failed and everything needed worked.")

  @OptionGroup var configuration: ConfigurationOption

  func run() throws {
    let settings = try configuration.load()
    let sandbox: Sandbox
    do {
      sandbox = try SandboxTrial.confine(settings, configuration: configuration.config)
    } catch {
      throw CommandFailure.failed("\(error)")
    }
    for measure in sandbox.measures { print("in force: \(measure)") }
    for problem in sandbox.problems { print("missing: \(problem)") }
    let attempts = SandboxCheck.run(inside: settings.dataDirectory, program: "/proc/self/exe")
    for attempt in attempts {
      let outcome = attempt.code == 0 ? "works" : "fails (error \(attempt.code))"
      print("\(attempt.isRight ? "right" : "WRONG"): \(attempt.what): \(outcome)")
    }
    guard attempts.allSatisfy(\.isRight) else {
      throw CommandFailure.failed("the sandbox lets through what it should not, or the reverse")
    }
  }
}
