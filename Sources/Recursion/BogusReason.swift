import DNSWire

/// Which Extended DNS Error libunbound's text on a validation failure stands for.
///
/// A text reads `validation failure <name type class>: what [from address] [for what]`, and may
/// carry the reason of an earlier failure with it (`… is marked as invalid because of a previous
/// validation failure …`). The phrases are those of validator/*.c of 1.17.1, and the codes those
/// the same lines give to Unbound's own clients; libunbound hands over the text only. Of the
/// phrases in a text the first in this table decides, so the more specific come first.
enum BogusReason {
  private static let phrases: [(phrase: String, code: ExtendedError)] = [
    ("signature expired", .signatureExpired),
    ("signature before inception date", .signatureNotYetValid),
    ("signature inception after expiration", .signatureNotYetValid),
    ("zone has no known algorithms", .unsupportedDNSKEYAlgorithm),
    ("unsupported algorithm", .unsupportedDNSKEYAlgorithm),
    ("algorithm refused by cryptolib", .unsupportedDNSKEYAlgorithm),
    ("dnskey without ZSK flag", .noZoneKeyBitSet),
    // Said of a DS lookup that failed, as in "SERVFAIL no DS".
    ("SERVFAIL no DS", .networkError),
    ("REFUSED no DS", .networkError),
    ("no DNSKEY rrset", .dnskeyMissing),
    ("No DNSKEY record", .dnskeyMissing),
    ("keyset not secured by DNSKEY that matches DS", .dnskeyMissing),
    ("DS hash mismatches key", .dnskeyMissing),
    ("DNSKEY RRset did not match", .dnskeyMissing),
    ("signatures from unknown keys", .dnskeyMissing),
    ("no signatures over NSEC", .nsecMissing),
    ("no DNSSEC records", .nsecMissing),
    ("no DS but also no proof of that", .nsecMissing),
    ("proof failed", .nsecMissing),
    ("no NSEC3", .nsecMissing),
    ("no valid NSEC3s", .nsecMissing),
    ("no signatures", .rrsigsMissing),
    ("signature missing", .rrsigsMissing),
  ]

  /// The code for `text`; DNSSEC Bogus if nothing more exact is known.
  static func code(for text: String) -> ExtendedError {
    // The quoted name comes from the client and could contain anything.
    let start = text.firstIndex(of: ">").map { text.index(after: $0) } ?? text.startIndex
    let body = text[start...]
    return phrases.first { body.contains($0.phrase) }?.code ?? .dnssecBogus
  }
}
