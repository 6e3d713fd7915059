/// A model one of whose parameters can be found by trying all its values.
///
/// A conformance is a few lines in the model's own file; the searched property must be a `var`:
///
/// ```swift
/// extension Dircrypt: SearchableModel {
///   static let searchSpaces = ["": SearchSpace("seed", sufficientDepth: 1)]
///   mutating func setSearchedValue(_ value: UInt32) { state = value }
/// }
/// ```
///
/// `names(at:)` is called once for each value and must not allocate for the search to be fast. All
/// parameters but the searched one are taken from the known seeds (`searchTemplates`).
///
/// The loop is a requirement with an `@inlinable` default: the compiler makes a copy of it for each
/// conforming type, in which the generator is called directly. A model whose names are slow to make
/// may have a loop of its own, which looks at the beginning of a name first (`Necurs`).
public protocol SearchableModel: DGAModel {
  /// Which parameter is searched, by variant; a variant that is not in it cannot be searched.
  static var searchSpaces: [String: SearchSpace] { get }

  /// Puts another value of the searched parameter into a prepared model.
  ///
  /// Gives the model `init` would have made from a seed with that value. Does not allocate.
  mutating func setSearchedValue(_ value: UInt32)

  /// The parameter sets to search with: seeds that lack nothing but the searched parameter's right
  /// value.
  ///
  /// By default those of the known seeds, each once. `observed` are the names looked for, in the
  /// order they were seen, for lists that start from a name.
  static func searchTemplates(
    ofVariant variant: String, known seeds: [Seed], observed: [String]
  ) -> [Seed]

  /// The template with a value of the searched parameter, as a seed file would have it.
  static func seed(_ template: Seed, searchedValue value: UInt32) -> Seed

  /// Tries values one after the other and reports each under which one of the `ordinals`' names was
  /// observed; a value is reported once, at the first such name.
  func search(
    _ values: ClosedRange<UInt32>, at instant: Instant, ordinals: Range<Int>,
    for observed: borrowing ObservedNames, _ found: (_ value: UInt32, _ ordinal: Int) -> Void
  )
}

/// The values of a parameter that can be searched.
public struct SearchSpace: Sendable, Hashable {
  /// The parameter's name in seeds.
  public var parameter: String
  /// The values to try, if not told otherwise.
  public var values: ClosedRange<UInt32>
  /// How many names of each value's list are enough, wherever in its list an observed name stands.
  ///
  /// Set it (usually to 1) where the state before any name is itself a value that gives the rest
  /// of the list: the value found is then that of the rest. `nil`: only the whole list is enough.
  public var sufficientDepth: Int?
  /// How many names at the start of the list do not depend on the searched parameter.
  public var independentNames: Int

  /// All values of a parameter of up to 32 bits.
  public init(
    _ parameter: String, bits: Int = 32, sufficientDepth: Int? = nil, independentNames: Int = 0
  ) {
    self.init(
      parameter, values: 0...(bits >= 32 ? .max : (1 << UInt32(bits)) - 1),
      sufficientDepth: sufficientDepth,
      independentNames: independentNames)
  }

  /// A range of values of a parameter.
  public init(
    _ parameter: String, values: ClosedRange<UInt32>, sufficientDepth: Int? = nil,
    independentNames: Int = 0
  ) {
    self.parameter = parameter
    self.values = values
    self.sufficientDepth = sufficientDepth
    self.independentNames = independentNames
  }
}

// MARK: - Defaults

extension SearchableModel {
  /// The known seeds' parameters without the searched one; of those that differ in `count` only,
  /// the longest.
  public static func searchTemplates(
    ofVariant variant: String, known seeds: [Seed], observed: [String]
  ) -> [Seed] {
    guard let space = searchSpaces[variant] else { return [] }
    var templates: [Seed] = []
    for seed in seeds where seed.variant == variant {
      let rest = seed.parameters(without: [space.parameter, "count"])
      let same = templates.firstIndex {
        $0.parameters(without: [space.parameter, "count"]) == rest
      }
      guard let same else {
        templates.append(seed)
        continue
      }
      if seed.countParameter > templates[same].countParameter { templates[same] = seed }
    }
    return templates
  }

  /// The template with the value under the parameter's name.
  public static func seed(_ template: Seed, searchedValue value: UInt32) -> Seed {
    var seed = template
    guard let space = searchSpaces[template.variant] else { return seed }
    seed.parameters[space.parameter] = .integer(Int64(value))
    let digits = String(value, radix: 16, uppercase: true)
    seed.label = String(repeating: "0", count: 8 - digits.utf8.count) + digits
    return seed
  }

  /// The loop every conformance gets a copy of.
  @inlinable
  public func search(
    _ values: ClosedRange<UInt32>, at instant: Instant, ordinals: Range<Int>,
    for observed: borrowing ObservedNames, _ found: (_ value: UInt32, _ ordinal: Int) -> Void
  ) {
    var candidate = self
    var name = DomainBuffer()
    for value in UInt64(values.lowerBound)...UInt64(values.upperBound) {
      candidate.setSearchedValue(UInt32(truncatingIfNeeded: value))
      var names = candidate.names(at: instant)
      var ordinal = 0
      while ordinal < ordinals.upperBound, names.next(into: &name) {
        if ordinal >= ordinals.lowerBound, observed.mayContain(name),
          observed.position(of: name) != nil
        {
          found(UInt32(truncatingIfNeeded: value), ordinal)
          break
        }
        ordinal &+= 1
      }
    }
  }
}

extension Seed {
  fileprivate func parameters(without names: [String]) -> [String: SeedValue] {
    parameters.filter { !names.contains($0.key) }
  }

  fileprivate var countParameter: Int64 { parameters["count"]?.number ?? .max }
}
