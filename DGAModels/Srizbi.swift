import DGAKit

/// Srizbi: the nibbles of day number and key, times one to four, as letters along the keyboard.
///
/// Seed parameters: `key`, the 32-bit magic number of a botmaster.
struct Srizbi: DGAModel {
  static let metadata = ModelMetadata(
    family: "srizbi", aliases: ["Szribi", "Cbeplay"], trust: .high,
    check: "Key 5BE741E3: all eight names of the periods of 2008-11-13 and 2008-11-17 equal those"
      + " in rubot's tests, after FireEye's analysis; three of them are in a published table of family"
      + " examples (DGAfamilies) too.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .seconds(secondsPerPeriod), clock: .utc,
        namesPerPeriod: .exactly(4), topLevelDomains: ["com"], order: .listed)
    ],
    references: [
      "FireEye: Technical details of Srizbi's domain generation algorithm (November 2008)",
      "http://www.pctools.com/security-news/srizbis-domain-calculator/",
      "https://github.com/chrislee35/rubot (srizbi)",
    ],
    notes: "FireEye counted 55 keys; two are published in the sources found.")

  private static let secondsPerPeriod: Int64 = 3 * Instant.secondsPerDay

  static let seeds = [keyed(0x5BE7_41E3), keyed(0xB05E_6620)]

  private static func keyed(_ key: Int64) -> Seed {
    Seed(
      label: String(key, radix: 16, uppercase: true), parameters: ["key": .integer(key)],
      reference: "chrislee35/rubot")
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "5BE741E3", at: "2008-11-13", count: 4, first: "yrytdyip.com",
      middle: "qpqduqud.com", last: "ydywryfu.com"),
    KnownAnswer(
      seed: "5BE741E3", at: "2008-11-17", count: 4, first: "ererseqg.com",
      middle: "upupruqd.com", last: "ododgoqs.com"),
    KnownAnswer(
      seed: "5BE741E3", at: "2024-02-29", count: 4, first: "drtoarwq.com",
      middle: "updpqprq.com", last: "rdweadtq.com"),
    KnownAnswer(
      seed: "B05E6620", at: "2008-11-13", count: 4, first: "pqiridpe.com",
      middle: "dqupuudu.com", last: "uqfdfruo.com"),
  ]

  private var key: UInt32
  private let suffixes = Suffixes(["com"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    key = try seed.uint32("key")
  }

  func period(containing instant: Instant) -> Period {
    .block(ofSeconds: Srizbi.secondsPerPeriod, containing: instant)
  }

  func names(at instant: Instant) -> Names {
    let days = UInt32(truncatingIfNeeded: period(containing: instant).start.daysSince1970 + 30)
    return Names(mixed: days ^ key ^ (days & 0xF &* 0x1111_1111), suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate let mixed: UInt32
    fileprivate let suffixes: Suffixes
    fileprivate var factor: UInt32 = 1

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard factor <= 4 else { return false }
      name.removeAll()
      // Octets from the lowest, in each the high nibble first.
      for index in 0..<8 as Range<UInt32> {
        let nibble = (mixed &>> ((index ^ 1) * 4)) & 0xF
        name.append(keyboard[Int(nibble * factor % 15)])
      }
      suffixes.append(0, to: &name)
      factor += 1
      return true
    }
  }
}

private let keyboard: [UInt8] = Array("qwertyuiopasdfg".utf8)

extension Srizbi: SearchableModel {
  static let searchSpaces = ["": SearchSpace("key")]

  mutating func setSearchedValue(_ value: UInt32) { key = value }
}
