import ArgumentParser
import ControlPlane
import PonorApp
import Settings

struct Control: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Have the running server do something.",
    subcommands: [Flush.self, Rollback.self, Generations.self, Explain.Trace.self])

  struct Flush: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Have answers forgotten.",
      discussion: """
        The resolver's own caches are emptied in each case. The answer cache knows names as hashes \
        only, so --zone forgets everything.
        """)

    @OptionGroup var configuration: ConfigurationOption
    @Argument(help: "A name: its answers of all types.") var name: String?
    @Option(help: "A name and all below it.") var zone: String?
    @Flag(help: "Everything.") var all = false

    func validate() throws {
      let count = (name == nil ? 0 : 1) + (zone == nil ? 0 : 1) + (all ? 1 : 0)
      guard count == 1 else {
        throw ValidationError("say what to flush: a NAME, --zone NAME or --all")
      }
    }

    func run() throws {
      let range = name.map(FlushRange.name) ?? zone.map(FlushRange.zone) ?? .all
      try RunningServer.perform(try configuration.load(), range.path)
    }
  }

  struct Rollback: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put the generation before the one in force into force.",
      discussion:
        "It stays until the next rebuild: when its names end, inputs change or at a start.")

    @OptionGroup var configuration: ConfigurationOption

    func run() throws { try RunningServer.perform(try configuration.load(), "/rollback") }
  }

  struct Generations: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the generations of the index.")

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "One JSON array.") var json = false

    func run() throws {
      let body = try RunningServer.request(try configuration.load(), "GET", "/generations")
      guard !json else {
        print(String(decoding: body, as: UTF8.self), terminator: "")
        return
      }
      for entry in try ControlJSON.decode([GenerationEntry].self, from: body) {
        let mark = entry.isInForce ? "*" : " "
        print(
          entry.problem.map { "\(mark) \(entry.generation) unusable: \($0)" }
            ?? "\(mark) \(entry.generation) built \(entry.built), \(entry.names) names, "
            + "covers up to \(entry.windowTo)")
      }
    }
  }
}

extension RunningServer {
  /// Sends a verb and prints what it did.
  static func perform(_ settings: Settings, _ path: String) throws {
    let body = try request(settings, "POST", path)
    let result = try ControlJSON.decode(VerbResult.self, from: body)
    for line in result.done { print(line) }
    guard result.errors.isEmpty else { throw CommandFailure(status: 1, messages: result.errors) }
  }
}
