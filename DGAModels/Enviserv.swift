import DGAKit

/// Enviserv: the first five octets of the MD5 of a word and a counter, in hexadecimal.
///
/// Seed parameters: `word` (at most 40 octets), `tlds` (in turn, has a default), `count`.
struct Enviserv: DGAModel {
  static let metadata = ModelMetadata(
    family: "enviserv", malpedia: "win.enviserv", trust: .high,
    check: "The first ten names equal those of 360netlab/DGA#53.",
    variants: [
      VariantInfo(
        kind: .hash, period: .none, clock: .none, namesPerPeriod: .exactly(500),
        topLevelDomains: suffixes)
    ],
    references: [
      "https://github.com/360netlab/DGA/issues/53",
      "https://github.com/360netlab/DGA (code/enviserv)",
    ])

  private static let suffixes = ["com", "net", "org", "info", "biz", "in"]

  static let seeds = [
    Seed(label: "papa_koli", parameters: ["word": "papa_koli"], reference: "360netlab/DGA#53")
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "papa_koli", count: 500, first: "fe28753777.com", middle: "bf87447689.biz",
      last: "33aaf2199f.net")
  ]

  private let message: MD5.ShortMessage
  private let count: Int
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    let word = Array(try seed.text("word").utf8)
    // With at most 7 digits behind it, it stays in one block.
    guard word.count <= 40 else {
      throw .invalidParameter(
        seed: seed.label, parameter: "word", problem: "is longer than 40 octets")
    }
    var message = MD5.ShortMessage()
    message.append(word)
    self.message = message
    count = try seed.count(default: 500)
    suffixes = Suffixes(try seed.list("tlds", default: Enviserv.suffixes))
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(message: message, count: count, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    fileprivate let message: MD5.ShortMessage
    fileprivate let count: Int
    fileprivate let suffixes: Suffixes
    fileprivate var index = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      var message = message
      message.append(decimal: index)
      let hash = message.digest
      name.removeAll()
      for position in 0..<5 { name.append(hexadecimal: hash[position]) }
      suffixes.append(index % suffixes.count, to: &name)
      index += 1
      return true
    }
  }
}
