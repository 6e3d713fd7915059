package import Attribution
import CheckedYAML
import Foundation
import ListSources

/// One source of intervals, as configured.
package struct AttributionSource: Equatable, Sendable {
  /// What the files hold.
  package var format: SourceFormat
  /// A file, a folder of which every file is read, or a pattern with `*` and `?`.
  package var path: String
  /// What the operator says about it.
  package var options: ReaderOptions

  /// Makes a source.
  package init(format: SourceFormat, path: String, options: ReaderOptions = ReaderOptions()) {
    self.format = format
    self.path = path
    self.options = options
  }
}

/// Reads all sources and writes the index.
package struct AttributionBuild: Sendable {
  /// What became of a source.
  package struct SourceReport: Sendable {
    /// Counts.
    package var summary: SourceSummary
    /// The first rows that could not be read.
    package var flaws: [ReaderOutput.Flaw]
    /// Files that could not be read to their end.
    package var problems: [String]
  }

  /// What became of the whole.
  package struct Report: Sendable {
    /// One for each source, in the order of the configuration.
    package var sources: [SourceReport]
    /// Intervals left out because they ended before the time that is kept.
    package var expired: Int
    /// Intervals left out because the index is full.
    package var refused: Int
    /// Octets of the index.
    package var fileSize: Int
  }

  /// Where intervals come from, at most `SourceSummary.limit`.
  package var sources: [AttributionSource]
  /// Path of the index.
  package var indexPath: String
  /// Rights of the index.
  package var mode: UInt32
  /// How long intervals are kept after their end, microseconds.
  package var keep: Int64

  /// Makes a build.
  package init(sources: [AttributionSource], indexPath: String, mode: UInt32, keep: Int64) {
    self.sources = sources
    self.indexPath = indexPath
    self.mode = mode
    self.keep = keep
  }

  /// Builds the index; the one before stays in place until the new one is whole.
  ///
  /// A row that cannot be read is counted. A *file* that cannot be read stops the build: without its
  /// intervals, answers would be `unique` that are not.
  ///
  /// - Parameter now: microseconds since 1970.
  /// - Throws: `SubscriberIndexError` or `BuildFailure`.
  package func run(now: Int64) throws -> Report {
    var set = IntervalSet(keepFrom: now - keep)
    var reports: [SourceReport] = []
    for (number, source) in sources.enumerated() {
      let summary = SourceSummary(
        join: source.format.join, format: source.format.rawValue, path: source.path)
      var output = ReaderOutput(set, summary, source: UInt8(number))
      // Not held twice while it grows.
      set = IntervalSet()
      let problems = try read(source, &output)
      guard problems.isEmpty else { throw BuildFailure(messages: problems) }
      reports.append(
        SourceReport(summary: output.summary, flaws: output.flaws, problems: problems))
      set = output.set
    }
    let expired = set.expired
    let refused = set.refused
    try makeFolder()
    let size = try SubscriberIndexWriter.write(
      set, sources: reports.map(\.summary), builtAt: now, to: indexPath, mode: mode)
    return Report(sources: reports, expired: expired, refused: refused, fileSize: size)
  }

  /// Reads one source; what went wrong with its files.
  private func read(
    _ source: AttributionSource, _ output: inout ReaderOutput
  ) throws -> [String] {
    let files = try SourceFiles.find(source)
    guard var reader = source.format.reader(source.options) else {
      return files.compactMap { path in
        output.setFile(path)
        return AccountingDatabase.read(path, source.options, &output)
      }
    }
    var problems: [String] = []
    for path in files {
      output.setFile(path)
      reader.beginFile(&output)
      var feeder = LineFeeder()
      do {
        try GzipFile.forEachChunk(path) { chunk in feeder.push(chunk, &reader, &output) }
        feeder.finish(&reader, &output)
      } catch {
        problems.append(error.description)
      }
    }
    reader.finish(&output)
    return problems
  }

  private func makeFolder() throws {
    let folder = URL(fileURLWithPath: indexPath).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true,
        attributes: [.posixPermissions: mode == 0o600 ? 0o700 : 0o750])
    } catch {
      throw BuildFailure(messages: [
        "cannot make the folder \(folder): \(error.localizedDescription)"
      ])
    }
  }
}

/// Why no index was made.
package struct BuildFailure: Error, Sendable {
  /// One line each.
  package var messages: [String]
}
