import Attribution
import Foundation
import Glibc

/// Finds the files of a source.
enum SourceFiles {
  /// The files, in the order in which they are read: by name, so that dated ones follow in time.
  static func find(_ source: AttributionSource) throws -> [String] {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: source.path, isDirectory: &isFolder)
    if exists, isFolder.boolValue { return try contents(source.path) }
    if exists || !source.path.contains(where: { "*?[".contains($0) }) {
      let files = source.format.files(source.path)
      return files.filter {
        $0 == source.path || FileManager.default.fileExists(atPath: $0)
      }
    }
    let matches = matching(source.path)
    guard !matches.isEmpty else {
      throw BuildFailure(messages: ["\(source.path): no file matches; check attribution.sources"])
    }
    return matches
  }

  /// All files of a folder and those within, but hidden ones.
  private static func contents(_ folder: String) throws -> [String] {
    let root = URL(fileURLWithPath: folder)
    guard
      let all = FileManager.default.enumerator(
        at: root, includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
    else { throw BuildFailure(messages: ["\(folder): cannot list the folder"]) }
    return all.compactMap { $0 as? URL }
      .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true }
      .map(\.path).sorted()
  }

  /// Files of a shell pattern.
  private static func matching(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { String(cString: $0) }
    }
  }
}
