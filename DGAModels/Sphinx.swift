import DGAKit

/// Zeus Sphinx: a rotation and an addition for each letter, from the digits of the date on.
///
/// Seed parameters: `increment` (32 bits, has a default), `count`.
struct Sphinx: DGAModel {
  static let metadata = ModelMetadata(
    family: "sphinx", aliases: ["Zeus Sphinx"], malpedia: "win.zeus_sphinx", trust: .high,
    check: "Five registered domains of May and June 2016 that Arbor ASERT found resolving, the"
      + " first five names of 2016-10-13 in its post, and three names of a published table of"
      + " family examples (DGAfamilies), which are names 85 to 87 of 2016-10-14.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .day, clock: .unstated, namesPerPeriod: .exactly(128),
        topLevelDomains: ["com"])
    ],
    references: [
      "https://www.arbornetworks.com/blog/asert/great-dga-sphinx/",
      "https://github.com/tildedennis/malware (sphinx)",
    ],
    notes: "The date's numbers are written without padding, so that some dates share a list"
      + " (2016-01-11 and 2016-11-01).")

  private static let increment: UInt32 = 0x2AB3_FEA3

  static let seeds = [Seed(label: "default", reference: "tildedennis/malware")]

  static let knownAnswers = [
    KnownAnswer(
      seed: "default", at: "2016-06-01", count: 128, first: "tdxhpthbrwouuyoq.com",
      middle: "jypaywrfumnqfufh.com", last: "jgeyncxymugkwydh.com"),
    KnownAnswer(
      seed: "default", at: "2016-10-13", count: 128, first: "lglfxpoxekhxiipc.com",
      middle: "wlmmogmnisaijjhs.com", last: "atrvvlfhgrhfybho.com"),
    KnownAnswer(
      seed: "default", at: "2016-10-14", count: 128, first: "ruuerbfykyqwctgd.com",
      middle: "hlhcyghxxsfsyjmd.com", last: "lpsuhhggrniekwin.com"),
    KnownAnswer(
      seed: "default", at: "2024-02-29", count: 128, first: "cpkusqgtajtixtad.com",
      middle: "kdjtcojpucmmfalr.com", last: "elqdwtcibqyyfchc.com"),
  ]

  private var increment: UInt32
  private let count: UInt32
  private let suffixes = Suffixes(["com"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    increment = try seed.uint32("increment", default: Sphinx.increment)
    count = UInt32(try seed.count(default: 128))
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    Names(
      state: written(instant.calendarDay), increment: increment, count: count, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate var state: UInt32
    fileprivate let increment: UInt32
    fileprivate let count: UInt32
    fileprivate let suffixes: Suffixes
    fileprivate var index: UInt32 = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      name.removeAll()
      for place in 0..<16 as Range<UInt32> {
        state = state.rotatedLeft(8) &+ index &+ place &+ increment
        name.append(letter: Int32(bitPattern: state).magnitude % 25)
      }
      suffixes.append(0, to: &name)
      index += 1
      return true
    }
  }
}

/// The number whose decimal digits are those of year, month and day, one after the other.
private func written(_ day: CalendarDay) -> UInt32 {
  let withMonth = day.year * (day.month < 10 ? 10 : 100) + day.month
  return UInt32(truncatingIfNeeded: withMonth * (day.day < 10 ? 10 : 100) + day.day)
}

extension Sphinx: SearchableModel {
  static let searchSpaces = ["": SearchSpace("increment")]

  mutating func setSearchedValue(_ value: UInt32) { increment = value }
}
