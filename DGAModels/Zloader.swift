import DGAKit

/// Zloader (Terdot, DELoader): letters from the day's midnight, encrypted with RC4.
///
/// Seed parameters: `key` (1 to 256 octets of text), `count`.
struct Zloader: DGAModel {
  static let metadata = ModelMetadata(
    family: "zloader", aliases: ["Terdot", "DELoader"], malpedia: "win.zloader", trust: .high,
    check: "The published lists of four keys for 1,000 days from 2020-01-01 on: all 128,000 names.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .day, clock: .unstated, namesPerPeriod: .exactly(32),
        topLevelDomains: ["com"])
    ],
    references: [
      "https://bin.re/blog/the-dga-of-zloader/",
      "https://github.com/baderj/domain_generation_algorithms (zloader)",
    ])

  static let seeds = [
    "q23Cud3xsNf3", "41997b4a729e1a0175208305170752dd", "kZieCw23gffpe43Sd", "Ts72YjsjO5TghE6m",
    "03d5ae30a0bd934a23b6a7f0756aa504",
  ].map { key in
    Seed(label: key, parameters: ["key": .text(key)], reference: "baderj")
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "q23Cud3xsNf3", at: "2020-01-01", count: 32, first: "bmesbujnevpielirkwer.com",
      middle: "fqeffimgyyjyafwtxwfe.com", last: "xitumfvqmwivxagatcsv.com"),
    KnownAnswer(
      seed: "q23Cud3xsNf3", at: "2024-02-29", count: 32, first: "rvpiebreqyoixyiwwakb.com",
      middle: "pjgsshkxekvbxkvbyjyn.com", last: "okfoutqecrhiqkvrtees.com"),
    KnownAnswer(
      seed: "q23Cud3xsNf3", at: "2026-11-23", count: 32, first: "ubfyfyrgjbckikehhbxw.com",
      middle: "ndjheydsqomjvpvlsomf.com", last: "gduadrydgdsxhreepvlj.com"),
    KnownAnswer(
      seed: "41997b4a729e1a0175208305170752dd", at: "2020-01-01", count: 32,
      first: "swgoaiqugbvdxjtnebiy.com", middle: "dyjuslxxyxwvukkwwtxa.com",
      last: "yjsiiglgrdqydpunfkqy.com"),
    KnownAnswer(
      seed: "41997b4a729e1a0175208305170752dd", at: "2024-02-29", count: 32,
      first: "aehhblrqntrhunvbxveg.com", middle: "udfvupixuxlrblssygse.com",
      last: "odhayltgidyjjnttetgp.com"),
    KnownAnswer(
      seed: "41997b4a729e1a0175208305170752dd", at: "2026-11-23", count: 32,
      first: "ltimjipfpblfecycotlh.com", middle: "bkrmhwxbvmfscrxefpwa.com",
      last: "gachyeihbutlmrvvfnjk.com"),
    KnownAnswer(
      seed: "kZieCw23gffpe43Sd", at: "2020-01-01", count: 32, first: "sabgldljypmlvgnftafr.com",
      middle: "kfyhgqshggvcetkhcepl.com", last: "tinmqrgvjuhkgqbvrjfp.com"),
    KnownAnswer(
      seed: "kZieCw23gffpe43Sd", at: "2024-02-29", count: 32, first: "yxjbhwbatcbfgmguwctt.com",
      middle: "iiubeatyayjiymaqcmtx.com", last: "quxbkttmpillqkplccrr.com"),
    KnownAnswer(
      seed: "kZieCw23gffpe43Sd", at: "2026-11-23", count: 32, first: "cjbyqmrmvptdypasabws.com",
      middle: "qifjhtdlmchfpngwyinp.com", last: "nofnliwqvqxsrqxsgdui.com"),
    KnownAnswer(
      seed: "Ts72YjsjO5TghE6m", at: "2020-01-01", count: 32, first: "vnsccsxflfdyxrylsmdd.com",
      middle: "lajihbcqkmypeurevfhj.com", last: "pkosebylsnefjiokwhhy.com"),
    KnownAnswer(
      seed: "Ts72YjsjO5TghE6m", at: "2024-02-29", count: 32, first: "hcdsrkhtbbkkedwcetuw.com",
      middle: "jlvsrlmfoawwqpjqlckk.com", last: "rgtysobtoinuognqdvrg.com"),
    KnownAnswer(
      seed: "Ts72YjsjO5TghE6m", at: "2026-11-23", count: 32, first: "gfbpfusnptdyyhljhrpa.com",
      middle: "acrbmixylsaxijnxjrpl.com", last: "vcvoxlpchluwwsfpmjtt.com"),
    KnownAnswer(
      seed: "03d5ae30a0bd934a23b6a7f0756aa504", at: "2020-01-01", count: 32,
      first: "bmrbpdnuvvbkpluajbll.com", middle: "fauuwltxjtwvapqhgcis.com",
      last: "chmbfvbxkjvleydsulpb.com"),
    KnownAnswer(
      seed: "03d5ae30a0bd934a23b6a7f0756aa504", at: "2024-02-29", count: 32,
      first: "erxrbsujmroxvyaoerxr.com", middle: "jhrdubvuyopgbjdaqhgw.com",
      last: "eikqomshkcmsqoushxwn.com"),
    KnownAnswer(
      seed: "03d5ae30a0bd934a23b6a7f0756aa504", at: "2026-11-23", count: 32,
      first: "yompmepuagwsmxeecqtx.com", middle: "dvdmvuujaexqlnleuqji.com",
      last: "rlmiwpksqpuvvxbfyvdd.com"),
  ]

  /// The first four octets of the key stream: all that is used of it.
  private let keyStream: UInt32
  private let count: Int
  private let suffixes = Suffixes(["com"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    let key = Array(try seed.text("key").utf8)
    guard key.count <= 256 else {
      throw .invalidParameter(
        seed: seed.label, parameter: "key", problem: "is longer than 256 octets")
    }
    var cipher = RC4(key: key.span)
    keyStream = (0..<4).reduce(0) { word, octet in
      word | UInt32(cipher.next()) << (8 * octet)
    }
    count = try seed.count(default: 32)
  }

  func period(containing instant: Instant) -> Period { .day(containing: instant) }

  func names(at instant: Instant) -> Names {
    let midnight = UInt32(truncatingIfNeeded: instant.startOfDay.unixSeconds)
    return Names(seed: midnight ^ keyStream, suffixes: suffixes, left: count)
  }

  struct Names: NameGenerator {
    private let seed: UInt32
    private var state: UInt32
    private let suffixes: Suffixes
    private var left: Int

    fileprivate init(seed: UInt32, suffixes: Suffixes, left: Int) {
      self.seed = seed
      state = seed
      self.suffixes = suffixes
      self.left = left
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      for _ in 0..<20 {
        let letter = state % 25 + 0x61
        name.append(UInt8(truncatingIfNeeded: letter))
        state = seed ^ (state &+ letter)
      }
      suffixes.append(0, to: &name)
      return true
    }
  }
}
