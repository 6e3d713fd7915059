import ArgumentParser
import CheckedYAML
import DGAKit
import Generation
import PonorApp
import Settings

/// `--config FILE`, for the commands that need settings.
struct ConfigurationOption: ParsableArguments {
  @Option(name: .long, help: "Configuration file; without one the defaults are used.")
  var config: String?

  /// The settings of the file, or the defaults.
  func load() throws -> Settings {
    guard let config else { return Settings() }
    return try Self.load(config).settings
  }

  static func load(_ path: String) throws -> ConfigurationFile.Loaded {
    do {
      return try ConfigurationFile.load(path, families: BuiltInFamilies.names)
    } catch {
      throw CommandFailure(status: 1, messages: error.problems.map(\.description))
    }
  }
}

/// A day (midnight UTC) or an RFC 3339 instant.
struct DateArgument: ExpressibleByArgument {
  let instant: Instant

  init?(argument: String) {
    guard let instant = Instant(argument) else { return nil }
    self.instant = instant
  }

  init(_ instant: Instant) { self.instant = instant }

  var microseconds: Int64 { instant.unixSeconds * 1_000_000 }
}
