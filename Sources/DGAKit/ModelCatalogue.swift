/// All generators there are: the families' built-in seeds and those added from outside.
///
/// A value: make one, add seeds, hand it on. Order is the registry's (families by type name), then
/// the variants' and seeds' order in their model; added seeds come after the built-in ones.
public struct ModelCatalogue: Sendable {
  /// The families, in registry order.
  public private(set) var families: [Family]
  /// The word lists handed in.
  public var resources: ModelResources

  /// One family and the seeds known of it.
  public struct Family: Sendable {
    /// The model's type.
    public let model: any DGAModel.Type
    /// Its metadata.
    public let metadata: ModelMetadata
    /// Its seeds, built-in ones first.
    public internal(set) var seeds: [Seed]

    /// The seeds of a variant, in order.
    public func seeds(ofVariant variant: String) -> [Seed] {
      seeds.filter { $0.variant == variant }
    }
  }

  /// A catalogue of models with their built-in seeds.
  public init(models: [any DGAModel.Type], resources: ModelResources = .none) {
    families = models.map { Family(model: $0, metadata: $0.metadata, seeds: $0.seeds) }
    self.resources = resources
  }

  /// A family by its id, in either letter case; throws with the nearest id if there is none.
  public func family(_ id: String) throws(CatalogueError) -> Family {
    let wanted = id.lowercased()
    if let found = families.first(where: { $0.metadata.family == wanted }) { return found }
    throw .unknownFamily(id, nearest: nearestSpelling(of: wanted, among: knownFamilies))
  }

  /// The ids of all families, in order.
  public var knownFamilies: [String] { families.map { $0.metadata.family } }

  /// The word lists the families need, each once: what a caller reads into `resources`.
  public var wordListPins: [WordListPin] {
    var pins: [WordListPin] = []
    for family in families {
      for pin in family.metadata.variants.flatMap({ $0.wordLists }) where !pins.contains(pin) {
        pins.append(pin)
      }
    }
    return pins
  }

  /// Adds a seed from outside, in place of a built-in one of the same label.
  ///
  /// Throws when the family or variant is unknown, another file has the label, or the model cannot work
  /// with the parameters (a missing word list is no such reason: it is reported when used).
  public mutating func add(_ seed: Seed, toFamily id: String) throws(CatalogueError) {
    let found = try family(id)
    try checkVariant(seed.variant, of: found)
    let former = found.seeds(ofVariant: seed.variant).first { $0.label == seed.label }
    if let other = former, other.origin != .builtIn {
      throw .duplicateSeed(
        family: found.metadata.family, variant: seed.variant, label: seed.label,
        origin: other.origin)
    }
    do throws(ModelError) {
      _ = try found.model.init(seed: seed, resources: resources)
    } catch {
      if !error.isAboutWordList { throw .model(family: found.metadata.family, error) }
    }
    for index in families.indices where families[index].metadata.family == found.metadata.family {
      // A file's seed takes the place of the built-in one: it may correct it or switch it off.
      families[index].seeds.removeAll { $0.variant == seed.variant && $0.label == seed.label }
      families[index].seeds.append(seed)
    }
  }

  func checkVariant(_ variant: String, of family: Family) throws(CatalogueError) {
    guard family.metadata.variant(named: variant) == nil else { return }
    let known = family.metadata.variants.map { $0.name }
    throw .unknownVariant(
      family: family.metadata.family, variant: variant, known: known,
      nearest: nearestSpelling(of: variant, among: known))
  }
}

extension ModelError {
  /// Whether a word list is missing or altered.
  public var isAboutWordList: Bool {
    switch self {
    case .missingWordList, .alteredWordList: true
    default: false
    }
  }
}
