import DGAKit

/// A JavaScript family published without a name, later found to be Proslikefan with seed `OK`.
///
/// Kept under its own id, because lists and reports name it so. Seed parameters: Proslikefan's.
struct UnnamedJavascriptDga: DGAModel {
  static let metadata = ModelMetadata(
    family: "unnamed_javascript_dga", aliases: ["Proslikefan"], trust: .medium,
    check: "The 30 names of the repository's list for 2015-11-26, made by the script.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .day, clock: .unstated, namesPerPeriod: .exactly(30),
        topLevelDomains: suffixes)
    ],
    references: [
      "https://github.com/baderj/domain_generation_algorithms (unnamed_javascript_dga)"
    ],
    notes: "The same names as proslikefan's seed OK-cc_co_eu: its seed is not active, so that"
      + " the index has them once, under proslikefan.")

  private static let suffixes = ["cc", "co", "eu"]

  static let seeds = [
    // A duplicate of proslikefan's seed OK-cc_co_eu, which is active.
    Seed(
      label: "OK", parameters: ["magic": "OK", "tlds": .list(suffixes)], reference: "baderj",
      isActive: false)
  ]

  static let knownAnswers = [
    KnownAnswer(
      seed: "OK", at: "2015-11-26", count: 30, first: "rxxeqcoy.cc", middle: "wfxspste.cc",
      last: "ggfxhbte.eu"),
    KnownAnswer(
      seed: "OK", at: "2024-02-29", count: 30, first: "tsqpnd.cc", middle: "tiqhafz.cc",
      last: "maqmuwmd.eu"),
    KnownAnswer(
      seed: "OK", at: "2026-11-23", count: 30, first: "sdjtaaife.cc", middle: "stdporlri.cc",
      last: "dcaelbwa.eu"),
  ]

  private let algorithm: Proslikefan

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    algorithm = try Proslikefan(seed: seed, resources: resources)
  }

  func period(containing instant: Instant) -> Period { algorithm.period(containing: instant) }

  func names(at instant: Instant) -> Proslikefan.Names { algorithm.names(at: instant) }
}
