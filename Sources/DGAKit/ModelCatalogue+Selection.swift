/// What a user asks for: `family[/variant]` and perhaps a seed.
public struct GeneratorSelector: Sendable, Hashable {
  /// The family's id.
  public var family: String
  /// The variant, if one is named.
  public var variant: String?
  /// The seed's label, if one is named.
  public var seed: String?

  /// A selector from its parts.
  public init(family: String, variant: String? = nil, seed: String? = nil) {
    self.family = family
    self.variant = variant
    self.seed = seed
  }

  /// Reads `family` or `family/variant`.
  public init(_ text: String, seed: String? = nil) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(
      family: String(parts[0]), variant: parts.count == 2 ? String(parts[1]) : nil, seed: seed)
  }
}

extension ModelCatalogue {
  /// The ids of all generators, in order.
  public var generatorIDs: [GeneratorID] {
    families.flatMap { family in
      family.metadata.variants.flatMap { variant in
        family.seeds(ofVariant: variant.name).map {
          GeneratorID(family: family.metadata.family, variant: variant.name, seed: $0.label)
        }
      }
    }
  }

  /// The generators a selector means, in order; never empty.
  ///
  /// Without a variant: the family's unnamed variant if it has one, else all its variants. Without
  /// a seed: all seeds. A seed label that belongs to some of the variants selects those. Letter
  /// case of family, variant and label is ignored when nothing matches exactly.
  public func select(_ selector: GeneratorSelector) throws(CatalogueError) -> [GeneratorID] {
    let family = try family(selector.family)
    let variants = try variants(of: family, named: selector.variant)
    let candidates = variants.flatMap { variant in
      family.seeds(ofVariant: variant).map {
        GeneratorID(family: family.metadata.family, variant: variant, seed: $0.label)
      }
    }
    guard let label = selector.seed else { return candidates }
    let exact = candidates.filter { $0.seed == label }
    if !exact.isEmpty { return exact }
    let near = candidates.filter { $0.seed.lowercased() == label.lowercased() }
    if !near.isEmpty { return near }
    let known = candidates.map { $0.seed }
    throw .unknownSeed(
      family: family.metadata.family, variant: selector.variant, label: label, known: known,
      nearest: nearestSpelling(of: label, among: known))
  }

  /// Makes the model of a generator.
  public func generator(_ id: GeneratorID) throws(CatalogueError) -> Generator {
    let family = try family(id.family)
    try checkVariant(id.variant, of: family)
    let seeds = family.seeds(ofVariant: id.variant)
    guard let variant = family.metadata.variant(named: id.variant),
      let seed = seeds.first(where: { $0.label == id.seed })
    else {
      let known = seeds.map { $0.label }
      throw .unknownSeed(
        family: id.family, variant: id.variant, label: id.seed, known: known,
        nearest: nearestSpelling(of: id.seed, among: known))
    }
    do throws(ModelError) {
      let model = try family.model.init(seed: seed, resources: resources)
      return Generator(
        id: id, metadata: family.metadata, variant: variant, seed: seed, model: model)
    } catch {
      throw .model(family: id.family, error)
    }
  }

  /// Walks the lists a selector means, one after the other, at most `count` names in all.
  ///
  /// All models are made before the first name is given, so an error comes without output.
  public func generate(
    _ selector: GeneratorSelector, at instant: Instant, count: Int = .max,
    _ body: (_ name: borrowing DomainBuffer, _ generator: Generator) -> Void
  ) throws(CatalogueError) {
    var generators: [Generator] = []
    for id in try select(selector) { generators.append(try generator(id)) }
    var left = count
    for generator in generators where left > 0 {
      generator.forEachName(at: instant) { name, _ in
        body(name, generator)
        left -= 1
        return left > 0
      }
    }
  }

  private func variants(
    of family: Family, named name: String?
  ) throws(CatalogueError) -> [String] {
    let known = family.metadata.variants.map { $0.name }
    guard let name else { return known.contains("") ? [""] : known }
    if known.contains(name) { return [name] }
    let near = known.filter { $0.lowercased() == name.lowercased() }
    if !near.isEmpty { return near }
    try checkVariant(name, of: family)
    return []
  }
}
