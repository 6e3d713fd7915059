/// The records of a response in a form that can be put behind any header and the same question.
///
/// Compression pointers count from the start of a message whose question name starts at octet 12
/// and is followed by type and class, so the octets are valid behind every question of that name
/// whatever its letter case. All offsets below count from the start of `octets`. A prefix of the
/// octets that ends behind a whole record is valid by itself, since pointers only point backwards.
public struct RewrittenAnswer: Sendable, Equatable {
  /// One step of an alias chain.
  public struct Link: Sendable, Equatable {
    /// The name the chain goes on with.
    public let target: Name
    /// Just behind the alias record and its signatures: where the chain can be cut.
    public let end: UInt16
    /// Answer records up to `end`.
    public let recordCount: UInt16
  }

  /// The question the response answers.
  public let question: Question
  /// Header bits of the response; the low four bits are those of `rcode`.
  public let flags: HeaderFlags
  /// The response code, with the upper bits of EDNS.
  public let rcode: ResponseCode
  /// Answer, authority and additional section.
  public internal(set) var octets: [UInt8] = []
  /// Records in the answer section.
  public internal(set) var answerCount: UInt16 = 0
  /// Records in the authority section.
  public internal(set) var authorityCount: UInt16 = 0
  /// Records in the additional section, which never holds an OPT record.
  public internal(set) var additionalCount: UInt16 = 0
  /// Just behind the answer section.
  public internal(set) var answerEnd: UInt16 = 0
  /// Just behind the authority section.
  public internal(set) var authorityEnd: UInt16 = 0
  /// Where each 32-bit TTL stands, ascending.
  public internal(set) var ttlOffsets: [UInt16] = []
  /// The lowest TTL in seconds of all records, nil without records.
  public internal(set) var minimumTTL: UInt32?
  /// How long, in seconds, the absence may be remembered (RFC 2308 §5); nil for an answer that is
  /// not negative, and for a negative one without a usable SOA, which may not be remembered.
  public internal(set) var negativeTTL: UInt32?
  /// Whether the name does not exist or has no records of the type (RFC 2308 §2).
  public internal(set) var isNegative = false
  /// The aliases from the question name on, in chain order.
  public internal(set) var chain: [Link] = []
}

/// Why a response cannot be rewritten.
public enum RewriteError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The message is damaged.
  case malformed(WireError)
  /// The message is a query.
  case notAResponse
  /// The message has not exactly one question.
  case questionCount(Int)
  /// The records that cannot be left out need more octets than allowed.
  case tooLarge(octets: Int, limit: Int)

  /// What is shown to people.
  public var description: String {
    switch self {
    case .malformed(let error): "\(error); drop the response"
    case .notAResponse: "message is a query, not a response; drop it"
    case .questionCount(let count): "response has \(count) questions, not 1; drop it"
    case .tooLarge(let octets, let limit):
      "answer needs \(octets) octets of \(limit) allowed; send a truncated reply"
    }
  }
}
