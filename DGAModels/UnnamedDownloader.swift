import DGAKit

/// A downloader without a name: all permutations of five letters, as GitHub Pages.
///
/// Seed parameters: `letters` (1 to 9 of them, a to z).
struct UnnamedDownloader: DGAModel {
  static let metadata = ModelMetadata(
    family: "unnamed_downloader", trust: .high,
    check: "The published list for ddktn: 120 of 120 names.",
    variants: [
      VariantInfo(
        kind: .permutation, period: .none, clock: .none, namesPerPeriod: .exactly(120),
        topLevelDomains: ["github.io"], sharedSuffixes: ["github.io"], order: .listed,
        notes: "A repeated letter repeats names: 60 of the 120 differ.")
    ],
    references: ["https://github.com/baderj/domain_generation_algorithms (unnamed_downloader)"],
    notes: "The malware fetches /c2/config.dat from each name.")

  static let seeds = [
    Seed(
      label: "ddktn", parameters: ["letters": "ddktn"], reference: "baderj",
      sampleSHA256: "0f3af9d2d7ca113704f4411185518ab41a63e8003b7e06ff21f805f11af50ab7")
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "ddktn", count: 120, first: "ddknt.github.io", middle: "knddt.github.io",
      last: "tnkdd.github.io")
  ]

  private let letters: InlineArray<9, UInt8>
  private let length: Int
  private let suffixes = Suffixes(["github.io"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    let sorted = try seed.text("letters").utf8.sorted()
    guard sorted.count <= 9, sorted.allSatisfy({ (0x61...0x7A).contains($0) }) else {
      throw .invalidParameter(
        seed: seed.label, parameter: "letters", problem: "is not 1 to 9 letters a to z")
    }
    letters = InlineArray { $0 < sorted.count ? sorted[$0] : 0 }
    length = sorted.count
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(letters: letters, length: length, suffixes: suffixes)
  }

  struct Names: NameGenerator {
    private let letters: InlineArray<9, UInt8>
    private let length: UInt32
    private let count: UInt32
    private let suffixes: Suffixes
    private var index: UInt32 = 0

    fileprivate init(letters: InlineArray<9, UInt8>, length: Int, suffixes: Suffixes) {
      self.letters = letters
      self.length = UInt32(length)
      self.suffixes = suffixes
      count = (1...self.length).reduce(1, *)
    }

    /// The index in the factorial number system says which of the remaining letters comes next.
    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      name.removeAll()
      var remaining = letters
      var rest = index
      var block = count
      for left in (1...length).reversed() {
        block /= left
        let choice = Int(rest / block)
        rest %= block
        name.append(remaining[choice])
        for place in choice..<8 { remaining[place] = remaining[place + 1] }
      }
      suffixes.append(0, to: &name)
      index += 1
      return true
    }
  }
}
