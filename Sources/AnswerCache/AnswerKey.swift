public import DNSWire

/// Identifies a cached answer: the keyed hash of name, type, class and the DO and CD bits.
///
/// 128 bits under a secret key: no two questions share one by chance, and nobody can aim for it.
public struct AnswerKey: Sendable, Equatable {
  let low: UInt64
  let high: UInt64

  /// Hash of the name alone, for spreading work over recursion threads.
  public let nameHash: UInt64

  /// Makes the key of a question.
  public init(
    name: SipHash.Value, qtype: RRType, qclass: RRClass, dnssecOK: Bool, checkingDisabled: Bool
  ) {
    let kind =
      UInt64(qtype.rawValue) | UInt64(qclass.rawValue) << 16 | (dnssecOK ? 1 << 32 : 0)
      | (checkingDisabled ? 1 << 33 : 0)
    nameHash = name.high
    // An odd multiplier spreads the kind over all bits; a key of 0 marks an empty slot.
    let mixed = name.low ^ (kind &* 0x9E37_79B9_7F4A_7C15)
    low = mixed == 0 ? 1 : mixed
    high = name.high ^ kind
  }
}
