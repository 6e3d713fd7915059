/// What is known of a family, apart from the algorithm itself.
public struct ModelMetadata: Sendable {
  /// The family's id: lower case, as in `ponor models list`, for example `murofet`.
  public var family: String
  /// Other names the malware goes by.
  public var aliases: [String]
  /// Malpedia's id, for example `win.murofet`.
  public var malpedia: String?
  /// MITRE ATT&CK technique: Dynamic Resolution, Domain Generation Algorithms.
  public var attackTechnique: String
  /// How sure we are that the lists are the malware's.
  public var trust: Trust
  /// What the lists were compared with, and with what result: the reason for `trust`.
  public var check: String
  /// The variants of the algorithm, in the order they are listed and walked.
  public var variants: [VariantInfo]
  /// Write-ups and sources of the facts.
  public var references: [String]
  /// What a reader of the lists should know: quirks, limits.
  public var notes: String

  /// Collects the facts; `variants` must not be empty and their names must differ.
  public init(
    family: String, aliases: [String] = [], malpedia: String? = nil,
    attackTechnique: String = "T1568.002", trust: Trust, check: String = "",
    variants: [VariantInfo], references: [String], notes: String = ""
  ) {
    self.family = family
    self.aliases = aliases
    self.malpedia = malpedia
    self.attackTechnique = attackTechnique
    self.trust = trust
    self.check = check
    self.variants = variants
    self.references = references
    self.notes = notes
  }

  /// The variant of a name; `""` names the only or default one.
  public func variant(named name: String) -> VariantInfo? {
    variants.first { $0.name == name }
  }

  /// How sure we are of a variant: its own `trust`, else the family's.
  public func trust(of variant: VariantInfo) -> Trust {
    variant.trust ?? trust
  }

  /// What a variant's lists were compared with: its own `check`, else the family's.
  public func check(of variant: VariantInfo) -> String {
    variant.check ?? check
  }

  /// How sure we are that the lists are the malware's.
  public enum Trust: String, Sendable, CaseIterable {
    /// The lists equal names seen from samples by another party.
    case high
    /// A published analysis or script, not seen confirmed by names from samples.
    case medium
    /// Doubtful: sources contradict each other or cannot be checked.
    case low
  }
}

// MARK: - VariantInfo

/// One variant of a family's algorithm.
public struct VariantInfo: Sendable {
  /// The variant's name; `""` for a family's only or default variant.
  public var name: String
  /// How the names are made.
  public var kind: GenerationKind
  /// How long one list lasts.
  public var period: PeriodKind
  /// The clock the malware reads.
  public var clock: Clock
  /// How many names one list has.
  public var namesPerPeriod: NameCount
  /// The suffixes the names end in, without a leading dot; `["*"]` when they come from the seed.
  public var topLevelDomains: [String]
  /// Whether the lists can be known ahead.
  public var predictability: Predictability
  /// The word lists the algorithm needs.
  public var wordLists: [WordListPin]
  /// Suffixes in `topLevelDomains` below which strangers have names (dynamic DNS and the like):
  /// nothing above the generated name itself may be sinkholed.
  public var sharedSuffixes: [String]
  /// In which order the malware asks for the names of a list.
  public var order: WalkOrder
  /// How many names of a list one run of the malware asks for before it rests; `nil`: not known, or
  /// all of them.
  public var triesPerRun: Int?
  /// Why some names are no DNS names, where the malware really makes such; `nil` when all are.
  public var invalidNames: String?
  /// How sure we are of this variant, where that differs from the family's `trust`.
  public var trust: ModelMetadata.Trust?
  /// What this variant's lists were compared with, where that differs from the family's `check`.
  public var check: String?
  /// What is peculiar about this variant.
  public var notes: String

  /// Collects the facts.
  public init(
    name: String = "", kind: GenerationKind, period: PeriodKind, clock: Clock,
    namesPerPeriod: NameCount, topLevelDomains: [String],
    predictability: Predictability = .full, wordLists: [WordListPin] = [],
    sharedSuffixes: [String] = [], order: WalkOrder = .unknown, triesPerRun: Int? = nil,
    invalidNames: String? = nil, trust: ModelMetadata.Trust? = nil, check: String? = nil,
    notes: String = ""
  ) {
    self.name = name
    self.kind = kind
    self.period = period
    self.clock = clock
    self.namesPerPeriod = namesPerPeriod
    self.topLevelDomains = topLevelDomains
    self.predictability = predictability
    self.wordLists = wordLists
    self.sharedSuffixes = sharedSuffixes
    self.order = order
    self.triesPerRun = triesPerRun
    self.invalidNames = invalidNames
    self.trust = trust
    self.check = check
    self.notes = notes
  }

  /// Whether lists change with time.
  public var isTimeDependent: Bool {
    if case .none = period { return false }
    return true
  }

  /// The class in the taxonomy of Plohmann and others (USENIX Security 2016), such as `TDD-A`.
  ///
  /// Time-independent (TI) or -dependent (TD), deterministic (D) or not (N); then the scheme:
  /// arithmetic, hash, word list or permutation.
  public var taxonomy: String {
    let time = isTimeDependent ? "TD" : "TI"
    let certainty = if case .unpredictable = predictability { "N" } else { "D" }
    return "\(time)\(certainty)-\(kind.letter)"
  }
}

/// How names are made.
public enum GenerationKind: String, Sendable, CaseIterable {
  /// Letters drawn from a pseudo-random generator.
  case arithmetic
  /// Letters taken from a hash.
  case hash
  /// Words put together.
  case wordlist
  /// A starting name rearranged.
  case permutation

  /// The letter the taxonomy uses.
  public var letter: String {
    switch self {
    case .arithmetic: "A"
    case .hash: "H"
    case .wordlist: "W"
    case .permutation: "P"
    }
  }
}

/// How long one list lasts.
public enum PeriodKind: Sendable, Hashable {
  /// Lists do not depend on time.
  case none
  /// Blocks of that many seconds, aligned as the model says.
  case seconds(Int64)
  /// The calendar day.
  case day
  /// The calendar month.
  case month
  /// Runs of days that start anew each month, in words such as `days 1-6, 7-13, …`.
  case daysOfMonth(String)
  /// Anything else, in words.
  case other(String)

  /// A short text for listings.
  public var summary: String {
    switch self {
    case .none: "none"
    case .seconds(let length): "\(length) s"
    case .day: "day"
    case .month: "month"
    case .daysOfMonth(let text), .other(let text): text
    }
  }
}

/// The clock malware reads.
public enum Clock: String, Sendable, CaseIterable {
  /// No clock: the lists do not depend on time.
  case none
  /// UTC.
  case utc
  /// The computer's local time: the model takes it as UTC, infected hosts differ by their offset.
  case local
  /// The sources do not say which: the model takes it as UTC.
  case unstated
}

/// In which order malware asks for the names of a list.
public enum WalkOrder: String, Sendable, CaseIterable {
  /// From the first to the last.
  case listed
  /// Names drawn at random from the list.
  case random
  /// The sources do not say.
  case unknown
}

/// How many names a list has, duplicates included.
public enum NameCount: Sendable, Hashable {
  /// Always that many.
  case exactly(Int)
  /// Between these, depending on the seed or the date.
  case between(Int, Int)

  /// Whether a list of that length agrees.
  public func allows(_ count: Int) -> Bool {
    switch self {
    case .exactly(let number): count == number
    case .between(let least, let most): least <= count && count <= most
    }
  }

  /// A short text for listings, such as `1020` or `10-1000`.
  public var summary: String {
    switch self {
    case .exactly(let number): "\(number)"
    case .between(let least, let most): "\(least)-\(most)"
    }
  }
}

/// Whether lists can be known ahead.
public enum Predictability: Sendable, Hashable {
  /// Every name.
  case full
  /// Some of the names, or with an uncertainty, in words.
  case partial(String)
  /// Not at all, for the reason given; such names are matched by pattern or fed as data.
  case unpredictable(String)
}
