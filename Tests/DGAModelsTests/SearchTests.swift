import DGAKit
import DGAModels
import Testing

@Suite("Every model that can be searched")
struct SearchableModelTests {
  static let catalogue = ModelCatalogue(models: builtInModels, resources: Vectors.resources())
  static let families = catalogue.families.filter { $0.model is any SearchableModel.Type }
    .map { $0.metadata.family }

  private let instant = Instant(unixSeconds: 1_795_392_000)

  private func model(_ family: String) throws -> any SearchableModel.Type {
    try #require(
      try Self.catalogue.family(family).model as? any SearchableModel.Type)
  }

  @Test("names variants and parameters that exist", arguments: families)
  func spaces(family: String) throws {
    let known = try Self.catalogue.family(family)
    for (variant, space) in try model(family).searchSpaces {
      #expect(known.metadata.variant(named: variant) != nil, "\(family)/\(variant)")
      // A parameter that is read is refused when it is neither number nor text.
      var seed = try #require(known.seeds(ofVariant: variant).first)
      seed.parameters[space.parameter] = []
      let resources = Self.catalogue.resources
      #expect(throws: ModelError.self, "\(family)/\(variant)") {
        try known.model.init(seed: seed, resources: resources)
      }
    }
  }

  @Test("gives a seed's list when its value is put into another's model", arguments: families)
  func replacing(family: String) throws {
    let type = try model(family)
    for (variant, space) in type.searchSpaces {
      for seed in try Self.catalogue.family(family).seeds(ofVariant: variant) {
        guard let number = seed.parameters[space.parameter]?.number else { continue }
        var other = seed
        other.parameters[space.parameter] = .integer(Int64(space.values.lowerBound) + 1)
        var changed = try type.init(seed: other, resources: Self.catalogue.resources)
        changed.setSearchedValue(UInt32(truncatingIfNeeded: number))
        let whole = try type.init(seed: seed, resources: Self.catalogue.resources)
        #expect(names(changed) == names(whole), "\(family) \(seed.label)")
      }
    }
  }

  @Test("writes what it found as a seed that gives the same names", arguments: families)
  func writing(family: String) throws {
    let type = try model(family)
    for (variant, space) in type.searchSpaces {
      let known = try Self.catalogue.family(family).seeds(ofVariant: variant)
      let templates = type.searchTemplates(
        ofVariant: variant, known: known, observed: ["abcdefghijkl.com"])
      let template = try #require(templates.first)
      for value in [space.values.lowerBound, space.values.upperBound / 3, space.values.upperBound] {
        var searched = try type.init(seed: template, resources: Self.catalogue.resources)
        searched.setSearchedValue(value)
        let seed = type.seed(template, searchedValue: value)
        let written = try type.init(seed: seed, resources: Self.catalogue.resources)
        #expect(names(searched) == names(written), "\(family)/\(variant) \(value)")
      }
    }
  }

  @Test("finds a hidden seed from one name, and no other near it", arguments: families)
  func finding(family: String) throws {
    let type = try model(family)
    for (variant, space) in type.searchSpaces where space.values.count > 1_000 {
      let known = try Self.catalogue.family(family).seeds(ofVariant: variant)
      let template = try #require(
        type.searchTemplates(ofVariant: variant, known: known, observed: ["abcdefghijkl.com"]).first
      )
      let hidden = space.values.upperBound / 5
      var model = try type.init(seed: template, resources: Self.catalogue.resources)
      model.setSearchedValue(hidden)
      let first = space.independentNames
      let observed = ObservedNames([names(model)[first]])
      model.setSearchedValue(space.values.lowerBound)
      var found: [UInt32] = []
      model.search(
        (hidden - 100)...(hidden + 100), at: instant, ordinals: first..<first + 1, for: observed
      ) { value, _ in found.append(value) }
      #expect(found.contains(hidden), "\(family)/\(variant)")
    }
  }

  private func names(_ model: any SearchableModel) -> [String] {
    collect(model, at: instant)
  }
}

private func collect(_ model: some DGAModel, at instant: Instant) -> [String] {
  var names = model.names(at: instant)
  var name = DomainBuffer()
  var texts: [String] = []
  while texts.count < 60, names.next(into: &name) { texts.append(name.text) }
  return texts
}
