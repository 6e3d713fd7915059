package import CheckedYAML
package import DGAKit

/// Reads word lists from the configured directory on behalf of the models, which do no I/O.
package enum WordListFiles {
  /// Largest word list read; the longest known has some 300 KB.
  package static let sizeLimit = 16 << 20

  /// The lists of these file names that are in `directory`, and what could not be read.
  ///
  /// A missing file is no problem here: the model that needs it says so, with its checksum.
  package static func load(_ names: [String], from directory: String)
    -> (resources: ModelResources, problems: [SourceProblem])
  {
    var resources = ModelResources(directory: directory)
    var problems: [SourceProblem] = []
    for name in Set(names).sorted() {
      let path = directory.hasSuffix("/") ? directory + name : directory + "/" + name
      guard FileStatus(path: path).exists else { continue }
      do throws(SourceProblem) {
        resources.wordLists[name] = try SmallFile.read(path, limit: sizeLimit)
      } catch {
        problems.append(error)
      }
    }
    return (resources, problems)
  }
}
