/// What produces names: one seed of one variant of a family, or one list of a feed.
public struct IndexGenerator: Sendable, Hashable {
  /// Where the names come from.
  public enum Kind: UInt8, Sendable {
    /// An algorithm.
    case model = 0
    /// A dated list.
    case feed = 1
  }

  /// Which clock the malware reads.
  public enum Clock: UInt8, Sendable, CaseIterable {
    /// None: its names do not depend on time; also that of feeds, which say what they mean.
    case none = 0
    /// UTC.
    case utc = 1
    /// The computer's local time: validity is widened by the spread of time zones.
    case local = 2
    /// The sources do not say which; taken as UTC, not widened.
    case unstated = 3

    /// `none`, `utc`, `local` or `unstated`.
    public var name: String { "\(self)" }
  }

  /// Family, lower case.
  public var family: String
  /// Variant, empty for a family that has only one.
  public var variant: String
  /// Label of the seed.
  public var seed: String
  /// Where the names come from.
  public var kind: Kind
  /// Which clock the malware reads.
  public var clock: Clock

  /// Describes a generator.
  public init(family: String, variant: String, seed: String, kind: Kind, clock: Clock = .none) {
    self.family = family
    self.variant = variant
    self.seed = seed
    self.kind = kind
    self.clock = clock
  }
}

/// How much earlier and later than in UTC a local time comes, in seconds.
public struct TimeZoneSpread: Sendable, Equatable {
  /// Seconds by which hosts in the east are ahead.
  public var early: Int64
  /// Seconds by which hosts in the west are behind.
  public var late: Int64

  /// From UTC+14 (Kiritimati) to UTC-12 (Baker Island and ships): the IANA time zone database.
  public static let earth = TimeZoneSpread(early: 14 * 3_600, late: 12 * 3_600)
  /// No spread.
  public static let none = TimeZoneSpread(early: 0, late: 0)
}

/// One period of one generator: every name of it shares the interval.
public struct IndexRow: Sendable, Hashable {
  /// Position in the list of generators.
  public var generator: Int
  /// First second at which some host may ask for these names, unix time; `Int64.min` = always.
  public var validFrom: Int64
  /// First second at which none does any longer; `Int64.max` = always.
  public var validTo: Int64

  /// Describes a row.
  public init(generator: Int, validFrom: Int64, validTo: Int64) {
    self.generator = generator
    self.validFrom = validFrom
    self.validTo = validTo
  }
}

/// Where a name comes from: a row and the name's place in the malware's own order.
public struct IndexOrigin: Sendable, Hashable {
  /// Position in the list of rows.
  public var row: Int
  /// Place in the list of that period, counted from 0, the malware's duplicates included.
  public var ordinal: Int

  /// Describes an origin.
  public init(row: Int, ordinal: Int) {
    self.row = row
    self.ordinal = ordinal
  }
}
