package import DomainIndex
import Foundation

/// The index generations in a data directory.
package struct IndexFiles: Sendable {
  private let directory: String
  private static let prefix = "index-"
  private static let namesPrefix = "names-"
  private static let suffix = ".ponor"

  /// The generations below a data directory.
  package init(dataDirectory: String) {
    directory = dataDirectory + "/index"
  }

  /// Path of a generation's file.
  package func path(of generation: UInt64) -> String {
    "\(directory)/\(Self.prefix)\(generation)\(Self.suffix)"
  }

  /// Path of the sorted names of a generation.
  package func namesPath(of generation: UInt64) -> String {
    "\(directory)/\(Self.namesPrefix)\(generation)\(Self.suffix)"
  }

  /// The generations whose names are there, newest first.
  package var namedGenerations: [UInt64] { generations(Self.namesPrefix) }

  /// Path of the note on what a generation was made from.
  func notePath(of generation: UInt64) -> String { path(of: generation) + ".inputs" }

  /// Makes the directory.
  func create() throws {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
  }

  /// The generations that have a file, newest first.
  package var generations: [UInt64] { generations(Self.prefix) }

  private func generations(_ prefix: String) -> [UInt64] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix(prefix), name.hasSuffix(Self.suffix) else { return nil }
      return UInt64(name.dropFirst(prefix.count).dropLast(Self.suffix.count))
    }
    .sorted(by: >)
  }

  /// Opens the newest generation that is not damaged.
  ///
  /// - Returns: it, if there is any, and what was wrong with newer ones.
  package func openNewest() -> (index: DomainIndex?, problems: [String]) {
    var problems: [String] = []
    for generation in generations {
      do throws(IndexError) {
        return (try DomainIndex(path: path(of: generation)), problems)
      } catch {
        problems.append(error.description)
      }
    }
    return (nil, problems)
  }

  /// Deletes all but the newest `count` generations that can be opened.
  ///
  /// A damaged one takes no place: it would push out the generation that is there to fall back on.
  func prune(keeping count: Int) {
    var kept = 0
    for generation in generations {
      if kept < max(count, 1), isReadable(generation) {
        kept += 1
        continue
      }
      try? FileManager.default.removeItem(atPath: path(of: generation))
      try? FileManager.default.removeItem(atPath: notePath(of: generation))
    }
  }

  private func isReadable(_ generation: UInt64) -> Bool {
    (try? DomainIndex(path: path(of: generation))) != nil
  }
}
