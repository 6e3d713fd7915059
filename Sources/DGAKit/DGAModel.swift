/// One family of malware: what is known of it, and the names it asks for.
///
/// A model is a value without a clock, I/O or shared state: its names are a function of the seed
/// and the instant alone. A window from `a` to `b` is enumerated by
/// `t = a; while t < b { p = period(containing: t); use names(at: t); t = p.end }`.
///
/// One type stands for one family with all its variants, in a file of the type's name in
/// `DGAModels/`; the build finds it there.
public protocol DGAModel: Sendable {
  /// Walks one list of names.
  associatedtype Names: NameGenerator

  /// What is known of the family.
  static var metadata: ModelMetadata { get }

  /// The seeds built in, in the order they are listed and walked.
  static var seeds: [Seed] { get }

  /// What the generator must give: at least three dates for each variant that depends on time.
  static var knownAnswers: [KnownAnswer] { get }

  /// Prepares a seed; `seed.variant` is one of `metadata.variants`.
  ///
  /// Throws when a parameter is missing or out of range, or a word list is missing or altered.
  init(seed: Seed, resources: ModelResources) throws(ModelError)

  /// The period around an instant during which `names(at:)` is the same list.
  func period(containing instant: Instant) -> Period

  /// The list the malware walks at an instant: in its order, with its duplicates, finite.
  func names(at instant: Instant) -> Names
}

/// Writes the names of one list, one after the other.
public protocol NameGenerator {
  /// Replaces `name` by the next name and returns true; returns false when the list is done.
  ///
  /// Exactly the malware's octets, without a trailing dot. Does not allocate. After false the
  /// content of `name` means nothing.
  mutating func next(into name: inout DomainBuffer) -> Bool
}
