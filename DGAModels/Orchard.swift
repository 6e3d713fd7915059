import DGAKit

/// Orchard version 3: four first labels out of an MD5, of the date and of what a web service says
/// about the Bitcoin genesis block's address.
///
/// Seed parameters of `date`: `salt` (after the date, if any), `separator` (between the date's
/// fields, `-` if not given). Of `blockchain`: `final_balance` and `n_tx` (what the service says,
/// in satoshi and transactions), `total_received` if it is not the balance.
struct Orchard: DGAModel {
  static let metadata = ModelMetadata(
    family: "orchard", aliases: ["XMRig_Genesis"], malpedia: "win.orchard", trust: .high,
    variants: [
      VariantInfo(
        name: "date", kind: .hash, period: .day, clock: .unstated, namesPerPeriod: .exactly(16),
        topLevelDomains: suffixes, sharedSuffixes: ["duckdns.org"], order: .listed,
        check: "The repository's lists for 2022-07-23 and 2022-09-29; 360 Netlab, who describe"
          + " the same algorithm, say that their results agree."),
      VariantInfo(
        name: "blockchain", kind: .hash, period: .none, clock: .none,
        namesPerPeriod: .exactly(16), topLevelDomains: suffixes,
        predictability: .unpredictable(
          "the names depend on the balance and the transactions of the Bitcoin genesis block's"
            + " address at the time, which anybody changes by a payment"),
        sharedSuffixes: ["duckdns.org"], order: .listed,
        check: "The repository's names for 2022-07-23 and 2022-09-29. It does not give the inputs:"
          + " they were found by search and fit the one 360 Netlab shows for 2022-08 (6854884253"
          + " satoshi, 3,393 transactions).",
        notes: "A seed stands for one state of the address and holds until its next transaction:"
          + " such names are made on request or fed as data, never ahead."),
    ],
    references: [
      "https://bin.re/blog/a-dga-seeded-by-the-bitcoin-genesis-block/",
      "https://blog.netlab.360.com/orchard-dga/",
      "https://github.com/baderj/domain_generation_algorithms (orchard)",
    ],
    notes: "The malware asks for the 16 names of the date first, then for the 16 of the"
      + " blockchain. Versions 1 and 2 wrote the date with slashes, without a salt and with"
      + " orchardmaster.duckdns.org; 360 Netlab's script for version 3 also has the salt"
      + " vgzero.duckdns.org. Seeds of these kinds can be added.")

  private static let suffixes = ["com", "net", "org", "duckdns.org"]

  static let seeds = [
    Seed(
      variant: "date", label: "ojena.duckdns.org", parameters: ["salt": "ojena.duckdns.org"],
      reference: "baderj"),
    state("2022-07-23", balance: 6_854_870_116, transactions: 3_389),
    state("2022-09-29", balance: 6_855_447_521, transactions: 3_459),
  ]

  /// The address as it was on a day: past, so not active even where such names are taken.
  private static func state(_ day: String, balance: Int64, transactions: Int64) -> Seed {
    Seed(
      variant: "blockchain", label: day,
      parameters: ["final_balance": .integer(balance), "n_tx": .integer(transactions)],
      firstSeen: Instant(day), lastSeen: Instant(day), reference: "baderj (names)",
      isActive: false)
  }

  static let knownAnswers = [
    KnownAnswer(
      variant: "date", seed: "ojena.duckdns.org", at: "2022-07-23", count: 16,
      first: "1d78e50d.com", middle: "2e1d985c.com", last: "9ba1d966.duckdns.org"),
    KnownAnswer(
      variant: "date", seed: "ojena.duckdns.org", at: "2022-09-29", count: 16,
      first: "867e6101.com", middle: "036faa25.com", last: "e38e995f.duckdns.org"),
    KnownAnswer(
      variant: "date", seed: "ojena.duckdns.org", at: "2024-02-29", count: 16,
      first: "9667b767.com", middle: "3983b2a9.com", last: "4ada874a.duckdns.org"),
    KnownAnswer(
      variant: "date", seed: "ojena.duckdns.org", at: "2026-11-23", count: 16,
      first: "926eecfa.com", middle: "2dc90e49.com", last: "d474470a.duckdns.org"),
    KnownAnswer(
      variant: "blockchain", seed: "2022-07-23", at: "2022-07-23", count: 16,
      first: "ff5f8903.com", middle: "8ad80c95.com", last: "5654d3ff.duckdns.org"),
    KnownAnswer(
      variant: "blockchain", seed: "2022-09-29", at: "2022-09-29", count: 16,
      first: "e4e4bcd8.com", middle: "c18496ee.com", last: "10641357.duckdns.org"),
  ]

  private enum Input {
    case date(separator: [UInt8], salt: [UInt8])
    case answer(MD5)
  }

  private let input: Input
  private let suffixes = Suffixes(Orchard.suffixes)

  init(seed: Seed, resources: ModelResources) throws(ModelError) {
    switch seed.variant {
    case "date":
      let salt = try Orchard.octets("salt", of: seed, atMost: 43)
      let separator = try Orchard.octets("separator", of: seed, atMost: 1)
      input = .date(separator: separator.isEmpty ? [UInt8(ascii: "-")] : separator, salt: salt)
    case "blockchain":
      let text = try Orchard.answer(of: seed)
      input = .answer(MD5.hash(Array(text.utf8)))
    default: throw .unknownVariant(seed: seed.label, variant: seed.variant)
    }
  }

  /// An optional text that must leave room in a hash block of 55 octets.
  private static func octets(
    _ name: String, of seed: Seed, atMost limit: Int
  ) throws(ModelError) -> [UInt8] {
    guard seed.parameters[name] != nil else { return [] }
    let octets = Array(try seed.text(name).utf8)
    guard octets.count <= limit else {
      throw .invalidParameter(
        seed: seed.label, parameter: name, problem: "is longer than \(limit) octets")
    }
    return octets
  }

  /// The web service's answer, which the malware hashes as it comes.
  private static func answer(of seed: Seed) throws(ModelError) -> String {
    let balance = try seed.integer("final_balance", in: 0 ... .max)
    let transactions = try seed.integer("n_tx", in: 0 ... .max)
    let received = try seed.integer("total_received", in: 0 ... .max, default: balance)
    return #"{"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa":{"final_balance":\#(balance),"#
      + #""n_tx":\#(transactions),"total_received":\#(received)}}"#
  }

  func period(containing instant: Instant) -> Period {
    if case .answer = input { return .always }
    return .day(containing: instant)
  }

  func names(at instant: Instant) -> Names {
    switch input {
    case .answer(let digest): Names(digest: digest, suffixes: suffixes)
    case .date(let separator, let salt):
      Names(
        digest: hash(instant.calendarDay, separator: separator, salt: salt), suffixes: suffixes)
    }
  }

  struct Names: NameGenerator {
    fileprivate let digest: MD5
    fileprivate let suffixes: Suffixes
    private var index = 0

    fileprivate init(digest: MD5, suffixes: Suffixes) {
      self.digest = digest
      self.suffixes = suffixes
    }

    mutating func next(into name: inout DomainBuffer) -> Bool {
      guard index < 16 else { return false }
      name.removeAll()
      let part = index / 4 * 4
      for position in part..<part + 4 { name.append(hexadecimal: digest[position]) }
      suffixes.append(index % 4, to: &name)
      index += 1
      return true
    }
  }
}

/// The MD5 of the date, year first, and the salt.
private func hash(_ day: CalendarDay, separator: [UInt8], salt: [UInt8]) -> MD5 {
  var message = MD5.ShortMessage()
  message.append(decimal: day.year % 10_000, width: 4)
  message.append(separator)
  message.append(decimal: day.month, width: 2)
  message.append(separator)
  message.append(decimal: day.day, width: 2)
  message.append(salt)
  return message.digest
}
