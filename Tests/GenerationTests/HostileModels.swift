import DGAKit

/// What a faulty model may do, one variant each; only the names of variant `fine` are good.
struct Hostile: DGAModel {
  static let metadata = ModelMetadata(
    family: "hostile", trust: .low,
    variants: [
      "endless", "stuck", "backward", "elsewhere", "blink", "nonames", "extreme", "broken",
      "wordless", "fine",
    ].map { name in
      VariantInfo(
        name: name, kind: .arithmetic, period: .day, clock: .utc, namesPerPeriod: .exactly(1),
        topLevelDomains: ["example"])
    }, references: [])
  static let seeds = metadata.variants.map { Seed(variant: $0.name, label: "s") }
  static let knownAnswers: [KnownAnswer] = []
  static let pin = WordListPin(file: "absent.txt", sha256: String(repeating: "0", count: 64))

  private let variant: String

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    variant = seed.variant
    if variant == "broken" { _ = try seed.uint32("key") }
    if variant == "wordless" { _ = try resources.words(of: Hostile.pin) }
  }

  func period(containing instant: Instant) -> Period {
    switch variant {
    case "stuck": Period(start: instant, end: instant)
    case "backward": Period(start: instant, end: instant.adding(days: -1))
    case "elsewhere": Period(start: instant.adding(days: 3), end: instant.adding(days: 4))
    case "blink": Period(start: instant, end: instant.adding(seconds: 1))
    default: .day(containing: instant)
    }
  }

  func names(at instant: Instant) -> Names { Names(variant: variant) }

  struct Names: NameGenerator {
    let variant: String
    var count = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      count += 1
      name.removeAll()
      switch variant {
      case "endless": endless(&name)
      case "blink": return false
      case "nonames" where count <= Self.noNames.count:
        for piece in Self.noNames[count - 1] { name.append(text: piece) }
      case "extreme" where count == 1:
        name.append(text: "extreme.example")
        name.validity = Period(
          start: Instant(unixSeconds: .min), end: Instant(unixSeconds: .max))
      default:
        guard count == 1 else { return false }
        name.append(text: "\(variant).example")
      }
      return true
    }

    private func endless(_ name: inout DomainBuffer) {
      for shift in stride(from: 0, to: 32, by: 4) {
        name.append(letter: UInt32(truncatingIfNeeded: count >> shift) & 15)
      }
      name.append(".example" as StaticString)
    }

    /// Empty, dots only, an empty label, a label and a name that are too long, and longer than the
    /// buffer.
    static let noNames: [[String]] = [
      [""], ["."], ["a..example"], [".example"],
      [String(repeating: "a", count: 64), ".example"],
      [String(repeating: "abcdefg.", count: 31), "example"],
      [String(repeating: "abcdefg.", count: 40)],
    ]
  }
}
