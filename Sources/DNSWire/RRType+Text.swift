/// Mnemonics of types (IANA "Resource Record (RR) TYPEs").
private let typeMnemonics: [UInt16: String] = [
  1: "A", 2: "NS", 3: "MD", 4: "MF", 5: "CNAME", 6: "SOA", 7: "MB", 8: "MG", 9: "MR", 10: "NULL",
  11: "WKS", 12: "PTR", 13: "HINFO", 14: "MINFO", 15: "MX", 16: "TXT", 17: "RP", 18: "AFSDB",
  19: "X25", 20: "ISDN", 21: "RT", 22: "NSAP", 23: "NSAP-PTR", 24: "SIG", 25: "KEY", 26: "PX",
  27: "GPOS", 28: "AAAA", 29: "LOC", 30: "NXT", 31: "EID", 32: "NIMLOC", 33: "SRV", 34: "ATMA",
  35: "NAPTR", 36: "KX", 37: "CERT", 38: "A6",
  39: "DNAME", 40: "SINK", 41: "OPT", 42: "APL", 43: "DS", 44: "SSHFP", 45: "IPSECKEY", 46: "RRSIG",
  47: "NSEC", 48: "DNSKEY", 49: "DHCID", 50: "NSEC3", 51: "NSEC3PARAM", 52: "TLSA",
  53: "SMIMEA", 55: "HIP", 58: "TALINK", 59: "CDS", 60: "CDNSKEY", 61: "OPENPGPKEY", 62: "CSYNC",
  63: "ZONEMD",
  64: "SVCB", 65: "HTTPS", 99: "SPF", 104: "NID", 105: "L32", 106: "L64", 107: "LP",
  108: "EUI48", 109: "EUI64", 249: "TKEY", 250: "TSIG", 251: "IXFR", 252: "AXFR", 253: "MAILB",
  254: "MAILA", 255: "ANY", 256: "URI", 257: "CAA", 32_769: "DLV",
]

private let typesByMnemonic: [String: UInt16] = Dictionary(
  uniqueKeysWithValues: typeMnemonics.map { ($0.value, $0.key) })

extension RRType: CustomStringConvertible {
  /// Reads a mnemonic or `TYPE123` (RFC 3597 §5), in any letter case; nil for anything else.
  public init?(_ text: String) {
    let upper = text.uppercased()
    guard let number = typesByMnemonic[upper] ?? number(after: "TYPE", in: upper) else {
      return nil
    }
    self.init(rawValue: number)
  }

  /// What is shown to people.
  public var description: String { typeMnemonics[rawValue] ?? "TYPE\(rawValue)" }
}

extension RRClass: CustomStringConvertible {
  /// Reads `IN`, `CH`, `HS`, `NONE`, `ANY` or `CLASS123`, in any letter case.
  public init?(_ text: String) {
    let upper = text.uppercased()
    let known = Self.mnemonics.first { $0.value == upper }?.key
    guard let value = known ?? number(after: "CLASS", in: upper) else { return nil }
    self.init(rawValue: value)
  }

  private static let mnemonics: [UInt16: String] = [
    1: "IN", 3: "CH", 4: "HS", 254: "NONE", 255: "ANY",
  ]

  /// What is shown to people.
  public var description: String { Self.mnemonics[rawValue] ?? "CLASS\(rawValue)" }
}

private func number(after prefix: String, in text: String) -> UInt16? {
  guard text.hasPrefix(prefix), text.dropFirst(prefix.count).allSatisfy(\.isNumber) else {
    return nil
  }
  return UInt16(text.dropFirst(prefix.count))
}
