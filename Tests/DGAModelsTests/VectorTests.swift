import DGAKit
import DGAModels
import Testing

@Suite("Every reference list is reproduced exactly")
struct VectorTests {
  static let catalogue = ModelCatalogue(models: builtInModels, resources: Vectors.resources())

  @Test(
    "order, duplicates and letter case are those of the list",
    .enabled(
      if: Vectors.folder != nil && Vectors.wordListFolder != nil,
      "set PONOR_VECTORS and PONOR_WORDLISTS, or put the corpus at ../shared"),
    arguments: catalogue.knownFamilies)
  func reproduces(family: String) throws {
    // A variant we do not have yet is no mistake; a known variant's unknown seed is.
    let known = try Self.catalogue.family(family).metadata.variants.map { $0.name }
    for entry in Vectors.entries(of: [family]) where known.contains(entry.variant) {
      let generator = try Self.catalogue.generator(
        GeneratorID(family: family, variant: entry.variant, seed: entry.seed))
      let expected = try Vectors.lines(of: entry.file)
      let names = generator.names(at: entry.instant)
      // Compared as one truth value: a failure would otherwise print both lists.
      let isEqual = names == expected
      let place = zip(names, expected).enumerated().first { $0.element.0 != $0.element.1 }
      #expect(
        isEqual,
        "\(entry): \(names.count) of \(expected.count) names, \(String(describing: place))")
    }
  }
}
