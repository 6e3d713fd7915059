/// The numbers of the scoring model: what each means stands in the data file they are read from.
///
/// The source is `Sources/EvidenceParameters/parameters.yaml`; nothing here has a value of its own,
/// so that no number exists twice. Shares are 0…1, times in the unit that the name says.
package struct ScoringParameters: Equatable, Sendable {
  /// Version of the numbers, as the file says.
  package var version = ""
  /// Probability of each hypothesis before any lookup.
  package var prior = Prior()
  /// How names count.
  package var names = Names()
  /// How the time of a lookup counts against a name's validity.
  package var clock = Clock()
  /// How the order of names counts.
  package var order = Order()
  /// How the number of families and seeds counts.
  package var breadth = Breadth()
  /// How query types count.
  package var queryTypes = QueryTypes()
  /// How the rhythm of lookups counts.
  package var rhythm = Rhythm()
  /// How easily a source address is forged.
  package var forgery = Forgery()
  /// How often people ask for a name for other reasons.
  package var benign = Benign()
  /// What probability, and what beside it, a gate asks for.
  package var gates = Gates()
  /// How evidence ages.
  package var ageing = Ageing()
  /// When a name is quarantined.
  package var quarantine = Quarantine()
  /// What differs for single families, by id.
  package var families: [String: Family] = [:]

  /// Numbers that are all 0, to be filled in.
  package init() {}

  /// Probability of each hypothesis before any lookup, per suspect and family.
  package struct Prior: Equatable, Sendable {
    /// That a device of an ordinary line runs the family.
    package var infected = 0.0
    /// That an ordinary line is an analyst.
    package var analyst = 0.0
    /// That an ordinary line is a relay.
    package var relay = 0.0
    /// That a host in a hosting network or a known scanner is an analyst.
    package var knownAnalyst = 0.0
    /// That a known mail host is a relay.
    package var knownRelay = 0.0
    /// Factor on `infected` for each finding that this suspect and family was a false positive.
    package var falsePositive = 0.0
  }

  /// How names count.
  package struct Names: Equatable, Sendable {
    /// Most that one name says for or against, natural logarithm.
    package var clamp = 0.0
    /// Share of a list that a bot asks for that walks it, as far as its tries go.
    package var walked = 0.0
    /// Share of a list that an analyst asks for.
    package var analyst = 0.0
    /// Share of a list that a relay meets.
    package var relay = 0.0
    /// Pools up to this size count days instead of names.
    package var fewNames = 0.0
    /// What each further day says for such families, natural logarithm.
    package var furtherDay = 0.0
    /// The same for a relay.
    package var furtherDayRelay = 0.0
    /// New names in a minute above which the pace is a tool's, not a bot's.
    package var pace = 0.0
    /// Probability that a bot has such a pace, against an analyst's.
    package var paceInfected = 0.0
    /// Probability that a bot asks for more than twice the names a run has, against an analyst.
    package var excessInfected = 0.0
  }

  /// Probabilities of a time under the hypotheses.
  package struct Timing: Equatable, Sendable {
    /// Under `infected`.
    package var infected = 0.0
    /// Under `analyst`.
    package var analyst = 0.0
    /// Under `relay`.
    package var relay = 0.0
  }

  /// How the time of a lookup counts against a name's validity.
  package struct Clock: Equatable, Sendable {
    /// Hours outside the validity that still count as inside.
    package var graceHours = 0.0
    /// Inside the validity.
    package var inside = Timing()
    /// After it.
    package var stale = Timing()
    /// Before it.
    package var future = Timing()
    /// A bot's further names at the same distance: its clock is constantly wrong.
    package var constant = 0.0
    /// Each further distance that no one clock explains.
    package var scattered = Timing()
  }

  /// How the order of names counts, for families that walk their list.
  package struct Order: Equatable, Sendable {
    /// Probability that a bot's next name stands further down the list.
    package var ascending = 0.0
    /// The same of an analyst, who often works through a list from its start.
    package var analyst = 0.0
    /// The same by chance.
    package var chance = 0.0
    /// Most that the order says for or against, natural logarithm.
    package var limit = 0.0
  }

  /// How the number of distinct families and seeds within a window counts.
  package struct Breadth: Equatable, Sendable {
    /// The window, hours.
    package var windowHours = 0.0
    /// Probability that an infected line has one.
    package var infected = 0.0
    /// Probability of each further one.
    package var infectedFurther = 0.0
    /// Probability of each that comes later than that, within seven windows.
    package var infectedLater = 0.0
    /// Probability of any number up to `analystMost` for an analyst.
    package var analyst = 0.0
    /// Up to here an analyst's probability does not fall.
    package var analystMost = 0.0
    /// Probability that a relay has one.
    package var relay = 0.0
    /// Probability of each further one.
    package var relayFurther = 0.0
  }

  /// Probabilities of a kind of query type, for any lookup and under the hypotheses.
  package struct QueryKind: Equatable, Sendable {
    /// For any lookup.
    package var background = 0.0
    /// Under `infected`.
    package var infected = 0.0
    /// Under `analyst`.
    package var analyst = 0.0
    /// Under `relay`.
    package var relay = 0.0
  }

  /// How query types count, for each name.
  package struct QueryTypes: Equatable, Sendable {
    /// Names asked for with A or AAAA only.
    package var address = QueryKind()
    /// Names asked for with HTTPS or SVCB too.
    package var service = QueryKind()
    /// Names asked for with other types only.
    package var other = QueryKind()
    /// Names whose types count: those of one run are asked for alike.
    package var most = 0.0
  }

  /// How the rhythm of lookups counts.
  package struct Rhythm: Equatable, Sendable {
    /// Silence that begins a new burst, minutes.
    package var burstMinutes = 0.0
    /// Largest part by which the median distance of bursts may differ from the retry interval.
    package var tolerance = 0.0
    /// What a fitting rhythm says for `infected`, natural logarithm.
    package var fitting = 0.0
    /// Most that a rise of NXDOMAIN answers says for `infected`, natural logarithm.
    package var nxdomainLimit = 0.0
  }

  /// How easily a source address is forged: probability of a forger, per suspect and family.
  package struct Forgery: Equatable, Sendable {
    /// The operator attests that access networks drop forged sources (BCP 38).
    package var attested = 0.0
    /// Only an access list protects.
    package var listed = 0.0
    /// Anyone may ask.
    package var open = 0.0
    /// Probability that a real client does not come back over TCP when asked to.
    package var unanswered = 0.0
  }

  /// How often people ask for a name for other reasons.
  package struct Benign: Equatable, Sendable {
    /// Least probability that an uninfected client asks for a name on one day.
    package var floor = 0.0
    /// The same for a registered name that is not popular.
    package var registered = 0.0
    /// The same for a name of rank 1 of the popularity list; rank n has the n-th part.
    package var topRank = 0.0
    /// Least for any ranked name.
    package var ranked = 0.0
    /// Names of families that put words together.
    package var wordList = 0.0
    /// Client-days after which what was counted weighs as much as what was assumed.
    package var weightClientDays = 0.0
    /// Above this a name is `colliding`: it confirms nothing.
    package var colliding = 0.0
    /// Factor for each finding that a name was asked for by somebody not infected.
    package var falsePositive = 0.0
    /// Registered names below suffixes that have no entry of their own.
    package var otherRegistrations = 0.0
    /// Registered names by suffix, without leading dot.
    package var registrations: [String: Double] = [:]
  }

  /// What a gate asks for.
  package struct Gates: Equatable, Sendable {
    /// Probability for `suspected`.
    package var suspected = 0.0
    /// Times that names may be asked for oftener than assumed, and `likely` and above still hold.
    package var benignMargin = 0.0
    /// Probability for `likely`.
    package var likely = 0.0
    /// Distinct names of one generator for `likely`.
    package var likelyNames = 0.0
    /// Probability for `confirmed`.
    package var confirmed = 0.0
    /// Distinct names of one generator for `confirmed`.
    package var confirmedNames = 0.0
    /// Bursts for `confirmed`.
    package var confirmedBursts = 0.0
    /// Families and seeds that a client may ask for within the breadth window for `confirmed`.
    package var confirmedBreadth = 0.0
  }

  /// How evidence ages.
  package struct Ageing: Equatable, Sendable {
    /// Days after which a lookup says half as much.
    package var halfLifeDays = 0.0
    /// Days without a lookup that close an episode.
    package var closingDays = 0.0
  }

  /// When a name that suddenly draws many unlikely clients is quarantined.
  package struct Quarantine: Equatable, Sendable {
    /// Least clients of one day that asked for that one name only.
    package var clients = 0.0
    /// Times as many as its siblings draw.
    package var factor = 0.0
    /// Names at the start of a list that are exempt when the answer ends a bot's walk.
    package var firstNames = 0.0
  }

  /// What differs for one family; nil: as for all.
  package struct Family: Equatable, Sendable {
    /// Minutes after which its bots try again.
    package var retryMinutes: Double?
    /// Names that its bots ask for in a day.
    package var triesPerDay: Double?
    /// Days without a lookup that close an episode.
    package var closingDays: Double?
    /// Whether days count instead of names.
    package var countsDays: Bool?
    /// Days without a lookup after which a cleaned line counts as verified.
    package var quietDays: Double?
    /// Probability before any lookup that a line runs it.
    package var prior: Double?

    /// As for all.
    package init() {}
  }

  /// What the fold needs, for a family.
  package func foldRules(family: String) -> FoldRules {
    FoldRules(
      burstGap: Self.microseconds(rhythm.burstMinutes * 60),
      closingSilence: Self.microseconds(
        (families[family]?.closingDays ?? ageing.closingDays) * 86_400),
      grace: Self.microseconds(clock.graceHours * 3600),
      breadthWindow: Self.microseconds(breadth.windowHours * 3600))
  }

  /// Days without a lookup after which a line that says it is clean is believed.
  package func quietDays(family: String) -> Double {
    families[family]?.quietDays ?? families[family]?.closingDays ?? ageing.closingDays
  }

  private static func microseconds(_ seconds: Double) -> Int64 {
    Int64((seconds * Double(UTCTime.microsecondsPerSecond)).rounded())
  }
}
