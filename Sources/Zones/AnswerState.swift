import DNSWire

/// What is known of an answer while it is being written, in fixed storage.
struct AnswerState {
  /// Aliases followed within a zone before the rest is left to the resolver.
  static let maximumAliases = 16
  /// RRsets that an authority section may have: SOA or NS, and the proofs of each alias followed.
  private static let plannedCapacity = 24

  var answer = ZoneAnswer()
  var names = CompressionTable()
  let qtype: RRType
  /// Whether signatures and proofs are wanted and there are any.
  let addsDNSSEC: Bool
  /// RRsets of the authority section.
  private var planned = InlineArray<24, Int32>(repeating: ZoneNode.none)
  private(set) var plannedCount = 0
  /// The RRset whose names get their addresses into the additional section.
  var additionalFor: Int?
  /// The delegation that is being handed out.
  var referral: Int32?
  /// The CNAME RRset that led to the name at hand; none for the name asked for.
  var previousAlias = ZoneNode.none
  /// CNAME RRsets written, each with what led to it: the same pair twice is a loop.
  private var aliases = InlineArray<16, UInt64>(repeating: 0)
  private var aliasesWritten = 0
  /// Where the last name written from rdata starts in the message.
  var lastTargetOffset = 0

  init(qtype: RRType, addsDNSSEC: Bool) {
    self.qtype = qtype
    self.addsDNSSEC = addsDNSSEC
  }

  /// Notes a CNAME RRset that is about to be written; false when that would repeat a record.
  ///
  /// - Parameter isWildcard: whether its owner is expanded, so that it may come again with another.
  mutating func noteAlias(_ rrset: Int, isWildcard: Bool) -> Bool {
    let reason = isWildcard ? previousAlias : ZoneNode.none
    let pair = UInt64(rrset) << 32 | UInt64(UInt32(bitPattern: reason))
    for index in 0..<aliasesWritten where aliases[index] == pair { return false }
    guard aliasesWritten < Self.maximumAliases else { return false }
    aliases[aliasesWritten] = pair
    aliasesWritten += 1
    previousAlias = Int32(truncatingIfNeeded: rrset)
    return true
  }

  /// Notes that the name at `offset` leads out of the zone.
  mutating func leaveZone(at offset: Int) {
    answer.leavesZone = true
    answer.targetOffset = offset
  }

  /// Puts an RRset into the authority section, once.
  mutating func plan(_ rrset: Int) {
    let rrset = Int32(truncatingIfNeeded: rrset)
    for index in 0..<plannedCount where planned[index] == rrset { return }
    guard plannedCount < Self.plannedCapacity else { return }
    planned[plannedCount] = rrset
    plannedCount += 1
  }

  /// The RRset at `index` of the authority section.
  func plannedRRset(_ index: Int) -> Int {
    Int(planned[index])
  }
}

/// Where names of a zone stand in the message, so that later ones can point to them.
struct CompressionTable {
  /// Names remembered; more than that are written without gain.
  private static let capacity = 24
  /// First offset that a pointer cannot reach (RFC 1035 §4.1.4).
  static let offsetLimit = 0x4000

  private var nodes = InlineArray<24, Int32>(repeating: 0)
  private var offsets = InlineArray<24, UInt16>(repeating: 0)
  private var count = 0

  /// Remembers that the name of `node` starts at `offset`.
  mutating func note(_ node: Int32, at offset: Int) {
    guard count < Self.capacity, offset < Self.offsetLimit else { return }
    nodes[count] = node
    offsets[count] = UInt16(truncatingIfNeeded: offset)
    count += 1
  }

  /// Where the name of `node` starts.
  func offset(of node: Int32) -> UInt16? {
    for index in 0..<count where nodes[index] == node { return offsets[index] }
    return nil
  }

  /// Forgets names at or behind `offset`, which have been taken back.
  mutating func rewind(to offset: Int) {
    while count > 0, Int(offsets[count - 1]) >= offset { count -= 1 }
  }
}
