/// Text forms of wire-form names and type numbers.
package enum NameText {
  /// Presentation form of a wire-form name (RFC 1035 §5.1) without the final dot; `.` is the root.
  ///
  /// Letters keep their case unless `lowercased`. Dots and backslashes within labels get a
  /// backslash; octets outside printable ASCII, and the blank, become `\DDD`. The result is
  /// therefore safe to print. A chain of labels that does not hold ends where it breaks.
  package static func presentation(_ wire: some Collection<UInt8>, lowercased: Bool) -> String {
    var text: [UInt8] = []
    var rest = wire[...]
    while let length = rest.popFirst(), length > 0 {
      if !text.isEmpty { text.append(dot) }
      for octet in rest.prefix(Int(length)) { append(octet, lowercased: lowercased, to: &text) }
      rest = rest.dropFirst(Int(length))
    }
    return text.isEmpty ? "." : String(decoding: text, as: UTF8.self)
  }

  /// Mnemonic of a type number (IANA DNS parameters), or `TYPE123` (RFC 3597 §5).
  package static func type(_ number: UInt16) -> String {
    switch number {
    case 1: "A"
    case 2: "NS"
    case 5: "CNAME"
    case 6: "SOA"
    case 12: "PTR"
    case 13: "HINFO"
    case 15: "MX"
    case 16: "TXT"
    case 28: "AAAA"
    case 33: "SRV"
    case 35: "NAPTR"
    case 39: "DNAME"
    case 43: "DS"
    case 46: "RRSIG"
    case 47: "NSEC"
    case 48: "DNSKEY"
    case 50: "NSEC3"
    case 52: "TLSA"
    case 64: "SVCB"
    case 65: "HTTPS"
    case 99: "SPF"
    case 251: "IXFR"
    case 252: "AXFR"
    case 255: "ANY"
    case 256: "URI"
    case 257: "CAA"
    default: "TYPE\(number)"
    }
  }

  private static let dot = UInt8(ascii: ".")
  private static let backslash = UInt8(ascii: "\\")

  private static func append(_ octet: UInt8, lowercased: Bool, to text: inout [UInt8]) {
    switch octet {
    case dot, backslash: text += [backslash, octet]
    case 0x21...0x7e:
      let isUpper = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet)
      text.append(lowercased && isUpper ? octet | 0x20 : octet)
    default:
      text += [backslash, 48 + octet / 100, 48 + octet / 10 % 10, 48 + octet % 10]
    }
  }
}
