import Foundation

/// The state of all files names come from; when two stamps differ, the index is out of date.
///
/// Cheap: one `stat` per file and one listing per directory, no content is read. A file rewritten
/// with the same size within the clock's resolution still has another change time or inode.
package struct SourceStamp: Equatable, Sendable {
  /// The files looked at, sorted by path, each once.
  package let files: [FileStatus]

  /// Looks at the paths now; a directory stands for itself and the visible files in it.
  package init(paths: [String]) {
    var seen: [String: FileStatus] = [:]
    for path in paths {
      let status = FileStatus(path: path)
      // A directory's own times change with every file in it: the files speak for themselves.
      guard status.isDirectory else {
        seen[path] = status
        continue
      }
      for child in DirectoryListing.files(in: path) { seen[child] = FileStatus(path: child) }
    }
    files = seen.values.sorted { $0.path < $1.path }
  }

  /// Paths that appeared, vanished or changed since `old`, sorted.
  package func changedPaths(since old: SourceStamp) -> [String] {
    let before = Set(old.files)
    let after = Set(files)
    return Set(before.symmetricDifference(after).map(\.path)).sorted()
  }
}

/// Lists directories in a stable order.
enum DirectoryListing {
  /// Paths of the visible entries of a directory, sorted; empty when it cannot be listed.
  static func files(in directory: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted().map {
      directory.hasSuffix("/") ? directory + $0 : directory + "/" + $0
    }
  }
}
