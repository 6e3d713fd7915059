import DGAKit

/// Murofet (LICAT, the first Zeus with a DGA): letters out of the MD5 of date and index.
///
/// Seed parameters (v2 only): `key`, 32 bits xored over the hashed octets; 0 for none.
struct Murofet: DGAModel {
  static let metadata = ModelMetadata(
    family: "murofet", aliases: ["LICAT", "Zeus-Licat"], malpedia: "win.murofet", trust: .high,
    check: "Eleven names of 2014-01-31 in pchaigno/dga-collection (v1), sandbox names in"
      + " 360netlab/DGA issues 11 and 30 (v2), and the published lists of each variant.",
    variants: [
      VariantInfo(
        name: "v1", kind: .hash, period: week, clock: .unstated, namesPerPeriod: .exactly(1_020),
        topLevelDomains: sixSuffixes),
      VariantInfo(
        name: "v2", kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .exactly(1_020),
        topLevelDomains: fiveSuffixes,
        notes: "360netlab saw 1,259 names a day for key A4D7EE01; the first 1,020 are given."),
      VariantInfo(
        name: "v3", kind: .hash, period: week, clock: .unstated, namesPerPeriod: .exactly(1_000),
        topLevelDomains: sixSuffixes),
    ],
    references: [
      "https://github.com/baderj/domain_generation_algorithms (murofet)",
      "https://github.com/360netlab/DGA/issues/11",
      "https://github.com/360netlab/DGA/issues/30",
    ])

  private static let week = PeriodKind.daysOfMonth("days 1-6, 7-13, 14-20, 21-27, 28-end")
  private static let sixSuffixes = ["ru", "biz", "info", "org", "net", "com"]
  private static let fiveSuffixes = ["biz", "info", "org", "net", "com"]

  static let seeds = [
    Seed(variant: "v1", label: "nokey", reference: "baderj"),
    Seed(variant: "v2", label: "nokey", parameters: ["key": 0], reference: "baderj"),
    keyed(0xD6D7_A4BE, "baderj"), keyed(0xDEAD_C2DE, "baderj"), keyed(0xD6D7_A4B1, "baderj"),
    keyed(0x8811_EEA2, "360netlab/DGA#11"), keyed(0xA4D7_EE01, "360netlab/DGA#30"),
    Seed(variant: "v3", label: "nokey", reference: "baderj"),
  ]

  private static func keyed(_ key: Int64, _ reference: String) -> Seed {
    Seed(
      variant: "v2", label: String(key, radix: 16, uppercase: true),
      parameters: ["key": .integer(key)], reference: reference)
  }

  static let knownAnswers = [
    KnownAnswer(
      variant: "v1", seed: "nokey", at: "2015-09-06", count: 1_020,
      first: "giywswshrgxcvoqgvrkthmfa.ru", middle: "cenrobqpdegyeuxckzylhif.ru",
      last: "zdiwosglzqkordvwmfgyzytgeaei.com"),
    KnownAnswer(
      variant: "v1", seed: "nokey", at: "2024-02-29", count: 1_020,
      first: "gugalvciifpfhicuhdtgguqkmjfq.ru", middle: "dupfecuygyayzduooncuditdu.ru",
      last: "mbrzofhtkvkvtgpjwhjug.com"),
    KnownAnswer(
      variant: "v1", seed: "nokey", at: "2026-11-23", count: 1_020,
      first: "xwtgjfhbicmqhixdwnzzhay.ru", middle: "zppqsvlhmxrwxgmvlveykvugwl.ru",
      last: "qxlkzsbiugfupfmqhkvrodukj.com"),
    KnownAnswer(
      variant: "v2", seed: "nokey", at: "2015-09-06", count: 1_020, first: "kvmkgzjzrqlupndp.biz",
      middle: "uinvrjbgxrouqjp.biz", last: "focwjknumqriwlf.com"),
    KnownAnswer(
      variant: "v2", seed: "nokey", at: "2024-02-29", count: 1_020, first: "frpiitnovfkrs.biz",
      middle: "pysmophqjsjluftq.biz", last: "glpzqlzjmsmrartq.com"),
    KnownAnswer(
      variant: "v2", seed: "nokey", at: "2026-11-23", count: 1_020, first: "ytwojipsmhtbnzrq.biz",
      middle: "lkmwjlvcvuyrohi.biz", last: "qyjtdupwxwcnut.com"),
    KnownAnswer(
      variant: "v2", seed: "D6D7A4BE", at: "2026-11-23", count: 1_020, first: "sdjqemjrheorwd.biz",
      middle: "rnqoppnvnjuvrgzp.biz", last: "gpaurbzigqbnpxxx.com"),
    KnownAnswer(
      variant: "v2", seed: "A4D7EE01", at: "2026-11-23", count: 1_020,
      first: "qznlqnivpeiojehv.biz", middle: "kqwugtisnvvmrpg.biz", last: "iknvsjksuuwchvhj.com"),
    KnownAnswer(
      variant: "v3", seed: "nokey", at: "2015-08-31", count: 1_000,
      first: "nxlya47huo61czerb18o51e11d30i55gycwe31lx.ru",
      middle: "mwfuh14e41oyjxfudxj46nqoxaulvhupskw.biz",
      last: "ovjrgqfvnymqnznwf52hvbwm49luewhrfw.org"),
    KnownAnswer(
      variant: "v3", seed: "nokey", at: "2024-02-29", count: 1_000,
      first: "g13gql18cuiskxf52huc19mtprdtg13avmufy.ru",
      middle: "l58iqoqd40cqpyhxh24nupud10e21jsmqnsi55.biz",
      last: "jxd30jve31jrbuo11hvavg43n50ktdtc69o41j46.org"),
    KnownAnswer(
      variant: "v3", seed: "nokey", at: "2026-11-23", count: 1_000,
      first: "h24dtjsntbup42k47cwa67huh64lrg43n30jta37.ru",
      middle: "l58m19kuo31izo51owe51mritbubspvl38n20bq.biz",
      last: "i25mtg43b28hvftbsa67a57fyl18jvfxlzbtfq.org"),
  ]

  fileprivate enum Version { case first, second, third }

  private let version: Version
  private var key: UInt32
  private let count: UInt32
  private let suffixes: Suffixes

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    switch seed.variant {
    case "v1": version = .first
    case "v2": version = .second
    case "v3": version = .third
    default: throw .unknownVariant(seed: seed.label, variant: seed.variant)
    }
    key = version == .second ? try seed.uint32("key") : 0
    count = UInt32(try seed.count(default: version == .third ? 1_000 : 1_020))
    suffixes = Suffixes(version == .second ? Murofet.fiveSuffixes : Murofet.sixSuffixes)
  }

  func period(containing instant: Instant) -> Period {
    guard version != .second else { return .day(containing: instant) }
    return .daysOfMonth(containing: instant) { $0 / 7 }
  }

  func names(at instant: Instant) -> Names {
    Names(
      version: version, day: instant.calendarDay, key: key, suffixes: suffixes, count: count)
  }

  struct Names: NameGenerator {
    private let version: Version
    /// The hashed octets before the index: three, or four xored with the key.
    private let dateOctets: UInt32
    private let key: UInt32
    private let suffixes: Suffixes
    private let count: UInt32
    private var index: UInt32 = 0
    private var pairDigest = MD5()

    fileprivate init(
      version: Version, day: CalendarDay, key: UInt32, suffixes: Suffixes, count: UInt32
    ) {
      let dayOctet = version == .second ? day.day : day.day / 7 * 7
      let year = UInt32(truncatingIfNeeded: day.year + 0x30) & 0xFF
      dateOctets = year | UInt32(day.month) << 8 | UInt32(dayOctet) << 16
      self.version = version
      self.key = key
      self.suffixes = suffixes
      self.count = count
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < count else { return false }
      name.removeAll()
      switch version {
      case .first: appendHalves(of: hashOfSevenOctets, to: &name)
      case .second:
        // Neighbours share a hash, because the lowest bit of the index is cleared.
        if index & 1 == 0 { pairDigest = hashOfEightOctets }
        appendSums(of: pairDigest, to: &name)
      case .third: appendTriples(of: hashOfSevenOctets, to: &name)
      }
      suffixes.append(suffixNumber, to: &name)
      index += 1
      return true
    }

    private var hashOfSevenOctets: MD5 {
      var message = MD5.ShortMessage()
      message.append(littleEndian: UInt16(truncatingIfNeeded: dateOctets))
      message.append(UInt8(truncatingIfNeeded: dateOctets >> 16))
      message.append(littleEndian: index)
      return message.digest
    }

    private var hashOfEightOctets: MD5 {
      var message = MD5.ShortMessage()
      message.append(littleEndian: dateOctets ^ key)
      message.append(littleEndian: index ^ key)
      return message.digest
    }

    /// The first suffix whose distance from the end of the list divides the index.
    private var suffixNumber: Int {
      var divisor = UInt32(truncatingIfNeeded: suffixes.count)
      while index % divisor != 0 { divisor -= 1 }
      return suffixes.count - Int(divisor)
    }
  }
}

extension Murofet: SearchableModel {
  static let searchSpaces = ["v2": SearchSpace("key")]

  mutating func setSearchedValue(_ value: UInt32) { key = value }
}

// MARK: - From hash to letters

/// Two letters from each octet, unless they are equal; letters past `z` are left out.
private func appendHalves(of digest: MD5, to name: inout DomainBuffer) {
  // What is left out is written and then overwritten: a branch would often be foretold wrongly.
  var letters = InlineArray<33, UInt8>(repeating: 0)
  var count = 0
  for position in 0..<16 {
    let octet = digest[position]
    let low = octet & 0x1F
    let high = octet >> 3
    letters[count] = low &+ 0x61
    count &+= low < 26 && low != high ? 1 : 0
    letters[count] = high &+ 0x61
    count &+= high < 26 && low != high ? 1 : 0
  }
  name.append(letters.span.extracting(first: count))
}

/// One letter from the sum of an octet's halves, unless it is past `z`.
private func appendSums(of digest: MD5, to name: inout DomainBuffer) {
  for position in 0..<16 {
    let sum = UInt32(digest[position] & 0xF) + UInt32(digest[position] >> 4)
    if sum < 26 { name.append(letter: sum) }
  }
}

/// A letter `a` to `p`, then `q` to `z` or else `1` to `6` and a digit made from the letter.
private func appendTriples(of digest: MD5, to name: inout DomainBuffer) {
  for position in 0..<16 {
    let letter = (digest[position] & 0xF) + UInt8(ascii: "a")
    let high = digest[position] >> 4
    name.append(letter)
    if high < 10 {
      name.append(high + UInt8(ascii: "q"))
    } else {
      name.append(high - 10 + UInt8(ascii: "1"))
      name.append(letter % 10 + UInt8(ascii: "0"))
    }
  }
}
