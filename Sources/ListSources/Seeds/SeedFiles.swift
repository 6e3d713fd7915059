package import CheckedYAML
package import DGAKit

/// A seed read from a file, with the place it stands at.
package struct LoadedSeed: Sendable {
  /// The family it belongs to, in lower case.
  package var family: String
  /// The seed; its `origin` is the file and the line it stands on.
  package var seed: Seed

  /// Line of the seed in its file, from 1.
  package var line: Int {
    if case .file(_, let line) = seed.origin { line } else { 0 }
  }

  /// A problem with this seed, for what only its model can tell.
  package func problem(_ message: String) -> SourceProblem {
    let file = if case .file(let path, _) = seed.origin { path } else { "built in" }
    return SourceProblem(file: file, line: line, column: 0, message)
  }
}

/// Reads directories of seed files, `*.yaml` and `*.yml`; the format is taught in `docs/seeds.md`.
package enum SeedFiles {
  /// What was found.
  package struct Loaded: Sendable {
    /// The good seeds: directories in the order given, files by name, seeds as they stand.
    package var seeds: [LoadedSeed] = []
    /// What was skipped and why.
    package var problems: [SourceProblem] = []
    /// Files read, bad ones among them.
    package var files: [String] = []
    /// Directories that do not exist; an error only where the operator named them.
    package var missingDirectories: [String] = []

    /// Nothing found yet.
    package init() {}
  }

  /// Largest seed file read: thousands of seeds fit.
  package static let sizeLimit = 4 << 20

  /// Reads all seed files of these directories; a bad file or seed costs only itself.
  package static func load(directories: [String]) -> Loaded {
    var result = Loaded()
    for directory in directories {
      guard FileStatus(path: directory).isDirectory else {
        result.missingDirectories.append(directory)
        continue
      }
      for path in DirectoryListing.files(in: directory)
      where path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
        result.files.append(path)
        do throws(SourceProblem) {
          let parsed = parse(try SmallFile.read(path, limit: sizeLimit), file: path)
          result.seeds += parsed.seeds
          result.problems += parsed.problems
        } catch {
          result.problems.append(error)
        }
      }
    }
    dropRepeats(&result)
    return result
  }

  /// Reads one seed file's text.
  package static func parse(_ bytes: [UInt8], file: String) -> Loaded {
    var result = Loaded()
    do throws(SourceProblem) {
      guard let root = try CheckedYAML.parse(bytes, file: file) else { return result }
      var reader = SeedFileReader(file: file)
      reader.read(root)
      result.seeds = reader.seeds
      result.problems = reader.problems.sorted()
    } catch {
      result.problems = [error]
    }
    return result
  }

  private struct Identity: Hashable {
    var family: String
    var variant: String
    var label: String
  }

  /// Of seeds with the same family, variant and label the first is kept.
  private static func dropRepeats(_ result: inout Loaded) {
    var first: [Identity: LoadedSeed] = [:]
    var kept: [LoadedSeed] = []
    for loaded in result.seeds {
      let identity = Identity(
        family: loaded.family, variant: loaded.seed.variant, label: loaded.seed.label)
      guard let other = first[identity] else {
        first[identity] = loaded
        kept.append(loaded)
        continue
      }
      let place = other.problem("").description.split(separator: ": ").first ?? ""
      result.problems.append(
        loaded.problem("seed '\(identity.label)' is also in \(place); the earlier one is used"))
    }
    result.seeds = kept
  }
}
