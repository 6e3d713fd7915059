package import CheckedYAML
package import DGAKit

extension SeedFiles.Loaded {
  /// Adds the seeds to a catalogue; seeds it refuses are reported with their file and line.
  ///
  /// Only the catalogue knows families, variants and what parameters a model works with.
  package func add(to catalogue: inout ModelCatalogue) -> [SourceProblem] {
    var problems: [SourceProblem] = []
    for loaded in seeds {
      do throws(CatalogueError) {
        try catalogue.add(loaded.seed, toFamily: loaded.family)
      } catch {
        problems.append(loaded.problem("\(error)"))
      }
    }
    return problems
  }
}
