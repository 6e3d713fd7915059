package import DNSWire

/// What a zone said to a question; the records themselves are in the writer.
package struct ZoneAnswer: Sendable, Equatable {
  /// What kind of answer it is.
  package enum Kind: Sendable, Equatable {
    /// Records of the type asked for, or an alias whose target is not in the zone.
    case answer
    /// The name exists, the type does not (RFC 2308 §2.2).
    case noData
    /// The name does not exist.
    case nameError
    /// The name belongs to a zone delegated from here.
    case referral
    /// Nothing is said: zone transfer, a type that is no type of record, or another class.
    case refusal
    /// A DNAME would make a name of more than 255 octets (RFC 6672 §3.2).
    case nameTooLong
  }

  /// There is such a zone but no data of it: SERVFAIL.
  static let unavailable = {
    var answer = ZoneAnswer()
    answer.kind = .refusal
    answer.rcode = .serverFailure
    answer.authoritative = false
    return answer
  }()

  /// What kind of answer it is.
  package internal(set) var kind = Kind.answer
  /// The response code.
  package internal(set) var rcode = ResponseCode.noError
  /// The AA flag.
  package internal(set) var authoritative = true
  /// The TC flag: something required did not fit.
  package internal(set) var truncated = false
  /// Records in the answer section.
  package internal(set) var answerCount: UInt16 = 0
  /// Records in the authority section.
  package internal(set) var authorityCount: UInt16 = 0
  /// Records in the additional section, OPT not counted.
  package internal(set) var additionalCount: UInt16 = 0
  /// Whether a CNAME or DNAME leads out of the zone: a resolver may go on from its target.
  package internal(set) var leavesZone = false
  /// Where in the message the name stands that leads out of the zone; 0 unless `leavesZone`.
  package internal(set) var targetOffset = 0
  /// Offset just behind the answer section.
  package internal(set) var answerEnd = 0
  /// Aliases followed or synthesised.
  package internal(set) var aliasCount = 0
}
