package import DNSWire

/// What is known of an answer besides its octets.
package struct AnswerInfo: Sendable {
  /// Where one CNAME of the chain stands in the octets.
  package struct ChainLink: Sendable, Equatable {
    /// Offset of the target name, from the start of the octets.
    package var target: UInt16
    /// Offset just behind the record and its signatures: where the chain can be cut.
    package var end: UInt16
    /// Answer records up to `end`.
    package var recordCount: UInt16

    /// Describes a link.
    package init(target: UInt16, end: UInt16, recordCount: UInt16) {
      self.target = target
      self.end = end
      self.recordCount = recordCount
    }
  }

  /// Links kept; a longer chain is not cached (Unbound and BIND stop at 11 to 17 links).
  package static let longestChain = 16

  /// Response code.
  package var rcode = ResponseCode.noError
  /// Records in the answer section.
  package var answerCount: UInt16 = 0
  /// Records in the authority section.
  package var authorityCount: UInt16 = 0
  /// Records in the additional section.
  package var additionalCount: UInt16 = 0
  /// Whether everything was validated.
  package var isSecure = false
  /// Extended DNS error to be told (RFC 8914), nil for none.
  package var extendedError: UInt16?
  /// Whether it is past its time and served for want of a better (RFC 8767).
  package var isStale = false
  /// Whether it is about to expire, and the reader is the one to refresh it.
  package var needsRefresh = false
  /// Whether the thread for refreshing got it, so that the next time another thread has to.
  package var isOfRefresher = false
  /// Links in `chain`.
  package var chainCount = 0
  /// The CNAME chain in order.
  package var chain = InlineArray<16, ChainLink>(
    repeating: ChainLink(target: 0, end: 0, recordCount: 0))

  /// Describes an empty answer.
  package init() {}

  /// Notes that it is past its time: RFC 8914 §4.4 and §4.20 have codes for that.
  package mutating func becomeStale() {
    isStale = true
    isSecure = false
    extendedError = (rcode == .nameError ? ExtendedError.staleNXDOMAIN : .staleAnswer).rawValue
  }

  /// Appends a link; false when the chain is longer than can be kept.
  package mutating func appendLink(_ link: ChainLink) -> Bool {
    guard chainCount < Self.longestChain else { return false }
    chain[chainCount] = link
    chainCount += 1
    return true
  }
}
