public import DNSWire

/// What is known of an answer besides its octets.
public struct AnswerInfo: Sendable {
  /// Where one CNAME of the chain stands in the octets.
  public struct ChainLink: Sendable, Equatable {
    /// Offset of the target name, from the start of the octets.
    public var target: UInt16
    /// Offset just behind the record and its signatures: where the chain can be cut.
    public var end: UInt16
    /// Answer records up to `end`.
    public var recordCount: UInt16

    /// Describes a link.
    public init(target: UInt16, end: UInt16, recordCount: UInt16) {
      self.target = target
      self.end = end
      self.recordCount = recordCount
    }
  }

  /// Links kept; a longer chain is not cached (Unbound and BIND stop at 11 to 17 links).
  public static let longestChain = 16

  /// Response code.
  public var rcode = ResponseCode.noError
  /// Records in the answer section.
  public var answerCount: UInt16 = 0
  /// Records in the authority section.
  public var authorityCount: UInt16 = 0
  /// Records in the additional section.
  public var additionalCount: UInt16 = 0
  /// Whether everything was validated.
  public var isSecure = false
  /// Extended DNS error to be told (RFC 8914), nil for none.
  public var extendedError: UInt16?
  /// Whether it is past its time and served for want of a better (RFC 8767).
  public var isStale = false
  /// Whether it is about to expire, and the reader is the one to refresh it.
  public var needsRefresh = false
  /// Whether the thread for refreshing got it, so that the next time another thread has to.
  public var isOfRefresher = false
  /// Links in `chain`.
  public var chainCount = 0
  /// The CNAME chain in order.
  public var chain = InlineArray<16, ChainLink>(
    repeating: ChainLink(target: 0, end: 0, recordCount: 0))

  /// Describes an empty answer.
  public init() {}

  /// Notes that it is past its time: RFC 8914 §4.4 and §4.20 have codes for that.
  public mutating func becomeStale() {
    isStale = true
    isSecure = false
    extendedError = (rcode == .nameError ? ExtendedError.staleNXDOMAIN : .staleAnswer).rawValue
  }

  /// Appends a link; false when the chain is longer than can be kept.
  public mutating func appendLink(_ link: ChainLink) -> Bool {
    guard chainCount < Self.longestChain else { return false }
    chain[chainCount] = link
    chainCount += 1
    return true
  }
}
