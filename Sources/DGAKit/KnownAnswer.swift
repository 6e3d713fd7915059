/// What a model must give for a seed at an instant: the proof that it is right.
///
/// Taken from a sample, a sandbox or somebody else's list, never from the model itself.
public struct KnownAnswer: Sendable, Hashable {
  /// The variant; `""` for a family's only or default one.
  public var variant: String
  /// The seed's label.
  public var seed: String
  /// The instant the list holds for; any, when lists do not depend on time.
  public var instant: Instant
  /// How many names the list has, duplicates included.
  public var count: Int
  /// The first name.
  public var first: String
  /// The name at ordinal `count / 2`, counted from 0.
  public var middle: String
  /// The last name.
  public var last: String

  /// A known answer for a date `YYYY-MM-DD` or an RFC 3339 instant; an unreadable one never
  /// passes, because it becomes an answer nothing can match.
  public init(
    variant: String = "", seed: String, at instant: String = "2026-11-23", count: Int,
    first: String, middle: String, last: String
  ) {
    self.variant = variant
    self.seed = seed
    let read = Instant(instant)
    self.instant = read ?? Instant(unixSeconds: 0)
    self.count = read == nil ? -1 : count
    self.first = first
    self.middle = middle
    self.last = last
  }

  /// A known answer whose list is a single name.
  public init(
    variant: String = "", seed: String, at instant: String = "2026-11-23", only name: String
  ) {
    self.init(
      variant: variant, seed: seed, at: instant, count: 1, first: name, middle: name, last: name)
  }

  /// What `ponor models new` puts in place of names that are still to be found out.
  public static let placeholder = "FILL-IN"

  /// Whether some name is still a placeholder.
  public var isPlaceholder: Bool {
    [first, middle, last].contains(KnownAnswer.placeholder)
  }
}
