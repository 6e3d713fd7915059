import ArgumentParser
import CheckedYAML
import Settings

struct Config: CommandGroup {
  static let configuration = CommandConfiguration(
    abstract: "Check a configuration, or print all options.",
    subcommands: [Check.self, Reference.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a configuration file; every problem with file and line.")

    @Argument(help: "The file.") var file: String

    func run() throws {
      for warning in try ConfigurationOption.load(file).warnings {
        StandardError.write(warning.description)
      }
      print("\(file): ok")
    }
  }

  struct Reference: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print all options with their defaults, or those of a file.")

    @Argument(help: "A file whose values are shown instead of the defaults.") var file: String?

    func run() throws {
      let settings = try file.map { try ConfigurationOption.load($0).settings } ?? Settings()
      print(ReferenceFile.render(settings), terminator: "")
    }
  }
}
