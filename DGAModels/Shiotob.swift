import DGAKit

/// Shiotob (Urlzone, Bebloh): each name is made from the one before it, the first is the seed.
///
/// Seed parameters: `domain` (under `.com` or `.net`), `count`, `crc` (second version of 2019: the
/// checksum of its RSA key, of which the lowest octet counts; 0 for none).
struct Shiotob: DGAModel {
  static let metadata = ModelMetadata(
    family: "shiotob", aliases: ["Urlzone", "Bebloh"], malpedia: "win.urlzone", trust: .high,
    check: "The published list for wtipubctwiekhir.net: 2,001 of 2,001 names.",
    variants: [
      VariantInfo(
        kind: .arithmetic, period: .none, clock: .none, namesPerPeriod: .exactly(2_001),
        topLevelDomains: ["net", "com"])
    ],
    references: [
      "https://github.com/baderj/domain_generation_algorithms (shiotob)",
      "https://github.com/360netlab/DGA/tree/master/code/shiotob",
    ],
    notes: "No first domain of the second version is published.")

  static let seeds = ["wtipubctwiekhir.net", "4ypv1eehphg3a.com"].map { domain in
    Seed(label: domain, parameters: ["domain": .text(domain)], reference: "baderj")
  }

  static let knownAnswers = [
    KnownAnswer(
      seed: "wtipubctwiekhir.net", count: 2_001, first: "wtipubctwiekhir.net",
      middle: "curxdh9a3yiguw4.net", last: "o1l9iejqriuy9.net"),
    KnownAnswer(
      seed: "4ypv1eehphg3a.com", count: 2_001, first: "4ypv1eehphg3a.com", middle: "krfzmy49jm.com",
      last: "25pcznghux2159.com"),
  ]

  private let first: Host
  private let checksum: UInt8
  private let count: Int
  private let suffixes = Suffixes(["com", "net"])

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    let domain = try seed.text("domain")
    guard let host = Host(domain) else {
      throw .invalidParameter(
        seed: seed.label, parameter: "domain",
        problem: "is not a domain of 1 to 60 octets under .com or .net")
    }
    first = host
    checksum = UInt8(truncatingIfNeeded: try seed.uint32("crc", default: 0))
    count = try seed.count(default: 2_001)
  }

  func period(containing instant: Instant) -> Period { .always }

  func names(at instant: Instant) -> Names {
    Names(host: first, checksum: checksum, suffixes: suffixes, left: count)
  }

  struct Names: NameGenerator {
    fileprivate var host: Host
    fileprivate let checksum: UInt8
    fileprivate let suffixes: Suffixes
    fileprivate var left: Int

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard left > 0 else { return false }
      left -= 1
      name.removeAll()
      for place in 0..<host.length { name.append(host.octets[place]) }
      suffixes.append(host.isUnderNet ? 1 : 0, to: &name)
      host.advance(checksum)
      return true
    }
  }
}

/// The name's part before its suffix.
private struct Host {
  private(set) var octets: InlineArray<64, UInt8>
  private(set) var length: Int
  private(set) var isUnderNet: Bool

  init?(_ domain: String) {
    isUnderNet = domain.hasSuffix(".net")
    guard isUnderNet || domain.hasSuffix(".com") else { return nil }
    let text = Array(domain.utf8.dropLast(4))
    guard (1...60).contains(text.count) else { return nil }
    octets = InlineArray { $0 < text.count ? text[$0] : 0 }
    length = text.count
  }

  mutating func advance(_ checksum: UInt8) {
    mix(with: sum ^ checksum)
    // The high half of an octet: at most 15 letters; if fewer than 10, the length stays.
    let drawn = (octets[2] &* UInt8(truncatingIfNeeded: length) ^ octets[0]) >> 4
    if drawn >= 10 { length = Int(drawn) }
    for place in 0..<length { octets[place] = characters[Int(octets[place] >> 3)] }
    isUnderNet.toggle()
  }

  /// The sum of the name's octets up to the dot.
  private var sum: UInt8 {
    var sum = UInt8(ascii: ".")
    for place in 0..<length { sum &+= octets[place] }
    return sum
  }

  /// Mixes each octet with those before it.
  ///
  /// The malware does so for 65 octets, but none depends on those after it: what is in reach of
  /// the next name is enough.
  private mutating func mix(with sum: UInt8) {
    appendSuffix()
    let factor = UInt8(truncatingIfNeeded: length)
    let reach = max(length, longestDrawn)
    for distance in 0..<reach {
      for place in 0..<reach &- distance {
        octets[place &+ distance] ^= factor &* octets[place] ^ sum
      }
    }
  }

  /// The suffix and the zeros after it take part.
  private mutating func appendSuffix() {
    let suffix: InlineArray<4, UInt8> = isUnderNet ? dotNet : dotCom
    for place in length..<max(length, longestDrawn) {
      octets[place] = place &- length < 4 ? suffix[place &- length] : 0
    }
  }
}

private let longestDrawn = 15

private let dotNet: InlineArray<4, UInt8> = [0x2E, 0x6E, 0x65, 0x74]
private let dotCom: InlineArray<4, UInt8> = [0x2E, 0x63, 0x6F, 0x6D]

private let characters = Array("qwertyuiopasdfghjklzxcvbnm123945".utf8)
