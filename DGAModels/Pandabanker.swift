import DGAKit

/// Panda Banker: five octets of the SHA-256 of RC4's state under the RSA key, xored with the date.
///
/// Seed parameters: `key` (the RSA public key of the base configuration, in Base64), `endings` (of
/// the configuration: two digits and the suffix, such as `78.net`).
struct Pandabanker: DGAModel {
  static let metadata = ModelMetadata(
    family: "pandabanker", aliases: ["Panda", "Zeus Panda"], malpedia: "win.pandabanker",
    trust: .medium,
    variants: [
      VariantInfo(
        name: "2.2.1", kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .exactly(4),
        topLevelDomains: ["com", "net"], order: .listed, trust: .high,
        check: "95a4e6473c78.net of a published table of family examples (DGAfamilies) is a name of"
          + " 2016-10-19; ASERT's post has the names of 2016-09-15.",
        notes: "In use up to version 2.2.8."),
      VariantInfo(
        name: "2.2.9", kind: .hash,
        period: .other(
          "three days of a month, the first two days with the last day of the month before"),
        clock: .unstated, namesPerPeriod: .exactly(4), topLevelDomains: ["com", "net"],
        order: .listed, check: "Only ASERT's script; key schedule and hash are the other variant's."
      ),
    ],
    references: [
      "https://www.arbornetworks.com/blog/asert/panda-bankers-future-dga/",
      "https://github.com/tildedennis/malware (panda_banker)",
    ],
    notes: "Other campaigns have other keys, so that these names are a small part of the family's.")

  static let seeds = [
    Seed(
      variant: "2.2.1", label: "eb414d39",
      parameters: [
        "key": .text(
          "MIIBITANBgkqhkiG9w0BAQEFAAOCAQ4AMIIBCQKCAQB79idKmV3y/YxvbrOw7gB0zLXCl3f0x1BI3GCe"
            + "Ss6Jand9Iyxs4PHILJhrXlwbwHq5hA+6EuE2ulM/hbsPj04yBSojWuV4hZJP3hHygaaP5SsaMeDm+d7X"
            + "+MtvA9q+QXUUO4TsoVXy6MRqF/2uVex0YTiRtzHOdDqfHFWlfO8mxq3kM6JQ42c37a/5pfpsLPNWE3Qz"
            + "kDKJfLqNUc3MG7yOfEuH3ivfqANAdMWA6kTBJCgFmWKkH07O/UH02aQJAfnxLCCXHbspy9bl24EIQmT8"
            + "lb00LpMq0VTWpKXUt7WF7tcQARl3QDLn1fzc5C1UwZrGIG5ppCWvzVXR/t/Evs1RAgMBAAE="),
        "endings": ["d4.com", "78.net", "11.net", "19.net"],
      ],
      reference: "tildedennis/malware, sample MD5 eb414d3972889504ab18cc1e2df391f9"),
    Seed(
      variant: "2.2.9", label: "81876f47",
      parameters: [
        "key": .text(
          "MIIBITANBgkqhkiG9w0BAQEFAAOCAQ4AMIIBCQKCAQB0ctFSn+grpxsXN2eUDbmHtOhlfafrh/dFLWN9"
            + "Qrq7biqsZJfCuLIdgDAHaGEigCT5mUtvKo8er98nDVsS+Pg0VPwOoipQrwP67bbY5CTSLoOH56oNkDJP"
            + "l0mn+M53hINqFMS99tSXL+yYae7lWMWhDWHUbQnwRMejXqT5uRpYJCY/cGTItgbR/015FEc7IKplOytG"
            + "Ab5vAcnRkQ1VExs7EUPoGdHVgTZJ/4/W4gPt/bWoMn4Yuqg39yg55BPWI0R9uLMC+zKPOcCyaO1jGgvQ"
            + "x0oagAZC7UFb8SwtFTIdVGdWMyo5ww535+GO0aZLM9a+Us80OHjt0QHrZ3yTjIJDAgMBAAE="),
        "endings": ["47.com", "98.net", "10.net", "98.net"],
      ],
      reference: "tildedennis/malware, sample MD5 81876f471f75a690abbde4de029ba7ab"),
  ]

  static let knownAnswers = [
    KnownAnswer(
      variant: "2.2.1", seed: "eb414d39", at: "2016-09-15", count: 4, first: "944ff45890d4.com",
      middle: "944ff4589011.net", last: "944ff4589019.net"),
    KnownAnswer(
      variant: "2.2.1", seed: "eb414d39", at: "2016-10-19", count: 4, first: "95a4e6473cd4.com",
      middle: "95a4e6473c11.net", last: "95a4e6473c19.net"),
    KnownAnswer(
      variant: "2.2.1", seed: "eb414d39", at: "2024-02-29", count: 4, first: "474f4fb28bd4.com",
      middle: "474f4fb28b11.net", last: "474f4fb28b19.net"),
    KnownAnswer(
      variant: "2.2.9", seed: "81876f47", at: "2016-11-01", count: 4, first: "da284882f847.com",
      middle: "da284882f810.net", last: "da284882f898.net"),
    KnownAnswer(
      variant: "2.2.9", seed: "81876f47", at: "2016-11-30", count: 4, first: "106e5a493547.com",
      middle: "106e5a493510.net", last: "106e5a493598.net"),
    KnownAnswer(
      variant: "2.2.9", seed: "81876f47", at: "2024-02-29", count: 4, first: "09f38e032f47.com",
      middle: "09f38e032f10.net", last: "09f38e032f98.net"),
  ]

  private let isSlow: Bool
  private let state: [UInt8]
  private let endings: WordList

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    guard let key = octets(ofBase64: try seed.text("key")), !key.isEmpty else {
      throw .invalidParameter(
        seed: seed.label, parameter: "key", problem: "is not Base64 of a key")
    }
    isSlow = seed.variant == "2.2.9"
    state = scheduled(key)
    endings = WordList(try seed.list("endings"))
  }

  func period(containing instant: Instant) -> Period {
    guard isSlow else { return .day(containing: instant) }
    let hashed = hashedDay(instant)
    var start = instant.startOfDay
    while hashedDay(start.adding(days: -1)) == hashed { start = start.adding(days: -1) }
    var end = instant.startOfDay.adding(days: 1)
    while hashedDay(end) == hashed { end = end.adding(days: 1) }
    return Period(start: start, end: end)
  }

  /// The midnight whose seconds are hashed.
  private func hashedDay(_ instant: Instant) -> Instant {
    let back = isSlow ? instant.day % 3 : 0
    return instant.startOfDay.adding(days: -Int64(back))
  }

  func names(at instant: Instant) -> Names {
    let seconds = UInt32(truncatingIfNeeded: hashedDay(instant).unixSeconds)
    var message = state
    for index in 0..<4 { message[index] ^= UInt8(truncatingIfNeeded: seconds >> (8 * index)) }
    let words = SHA256.hash(message).words
    return Names(digits: UInt64(words[0]) << 8 | UInt64(words[1] >> 24), endings: endings)
  }

  struct Names: NameGenerator {
    fileprivate let digits: UInt64
    fileprivate let endings: WordList
    fileprivate var index = 0

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < endings.count else { return false }
      name.removeAll()
      for shift in stride(from: 36 as UInt64, through: 0, by: -4) {
        name.append(hexadecimalDigit: UInt8(truncatingIfNeeded: digits >> shift) & 0xF)
      }
      endings.append(index, to: &name)
      index += 1
      return true
    }
  }
}

/// RC4's state after its key schedule, and its two counters.
private func scheduled(_ key: [UInt8]) -> [UInt8] {
  var state = (0...255).map { UInt8($0) }
  var place = 0
  for index in 0..<256 {
    place = (place + Int(state[index]) + Int(key[index % key.count])) % 256
    state.swapAt(index, place)
  }
  return state + [0, 0]
}

/// What a Base64 text (RFC 4648 section 4) stands for, padded or not.
private func octets(ofBase64 text: String) -> [UInt8]? {
  let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var octets: [UInt8] = []
  var bits = 0
  var pending = 0
  for character in text.utf8 where character != UInt8(ascii: "=") {
    guard let value = alphabet.firstIndex(of: character) else { return nil }
    bits = (bits << 6 | value) & 0xFFFF
    pending += 6
    guard pending >= 8 else { continue }
    pending -= 8
    octets.append(UInt8(truncatingIfNeeded: bits >> pending))
  }
  return octets
}
