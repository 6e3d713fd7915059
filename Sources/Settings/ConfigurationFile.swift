package import CheckedYAML
import Yams

/// Reads the configuration file: YAML text into `Settings`, with every problem found in it.
package enum ConfigurationFile {
  /// Settings read from a file, and what the operator should know about them.
  package struct Loaded: Sendable, Equatable {
    /// The settings, defaults where the file says nothing, relative paths resolved.
    package var settings: Settings
    /// Problems that do not prevent use, in file order.
    package var warnings: [SourceProblem]
  }

  /// A file that is refused: all errors in it, in file order, warnings among them.
  package struct Invalid: Error, Equatable, Sendable, CustomStringConvertible {
    /// At least one error.
    package var problems: [SourceProblem]
    /// One line per problem.
    package var description: String {
      problems.map(\.description).joined(separator: "\n")
    }
  }

  /// Largest configuration file read: lists longer than this belong into files of their own.
  package static let sizeLimit = 1 << 20

  /// Most problems reported of one file; garbage has one per line.
  package static let problemLimit = 100

  /// Reads the file at `path`; relative paths in it mean its directory.
  ///
  /// - Parameter families: the families and `family/variant`s there are; nil leaves names of
  ///   families unchecked.
  package static func load(
    _ path: String, families: [String]? = nil
  ) throws(Invalid) -> Loaded {
    let bytes: [UInt8]
    do {
      bytes = try SmallFile.read(path, limit: sizeLimit)
    } catch {
      throw Invalid(problems: [error])
    }
    return try parse(bytes, file: path, directory: directory(of: path), families: families)
  }

  /// Reads configuration text.
  ///
  /// - Parameters:
  ///   - file: name used in problems.
  ///   - directory: what relative paths are resolved against; "" leaves them as they are.
  ///   - families: as for `load`.
  package static func parse(
    _ bytes: [UInt8], file: String, directory: String = "", families: [String]? = nil
  ) throws(Invalid) -> Loaded {
    let root: Node?
    do {
      root = try CheckedYAML.parse(bytes, file: file)
    } catch {
      throw Invalid(problems: [error])
    }
    var decoding = SettingsDecoding(file: file)
    if let root { decoding.readRoot(root) }
    decoding.crossCheck()
    if let families { decoding.checkFamilies(families) }
    let problems = decoding.reader.problems.sorted()
    guard problems.allSatisfy({ $0.severity == .warning }) else {
      throw Invalid(problems: problems)
    }
    for option in Settings.options { option.rebase(&decoding.settings, directory) }
    return Loaded(settings: decoding.settings, warnings: problems)
  }

  /// The directory part of a path, "" when it has none.
  private static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}
