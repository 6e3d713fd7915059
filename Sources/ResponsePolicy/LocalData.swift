public import DNSWire

/// The local data of a policy zone: record sets without owners, each kept once however many rules
/// give it.
///
/// Set `n` stands in `octets` from `starts[n]` to `starts[n + 1]`, as records of type (2), TTL (4),
/// length (2) and data, one after the other.
public struct LocalData: Sendable {
  /// Octets of a record before its data.
  static let head = 8

  private let octets: [UInt8]
  private let starts: [UInt32]

  fileprivate init(octets: [UInt8], starts: [UInt32]) {
    self.octets = octets
    self.starts = starts
  }

  /// No data.
  public init() { self.init(octets: [], starts: [0]) }

  /// Number of sets.
  public var count: Int { starts.count - 1 }

  /// Octets of memory.
  public var memory: Int { octets.count + starts.count * 4 }

  /// One record of a set.
  public struct Record: Sendable {
    /// Its type.
    public var type: RRType
    /// Its TTL, seconds.
    public var ttl: UInt32
    fileprivate var data: Range<Int>
  }

  /// A place in a set.
  public struct Cursor: Sendable {
    fileprivate var at: Int
    fileprivate var end: Int
  }

  /// The start of set `index`; of none, when there is no such set.
  public func cursor(of index: Int) -> Cursor {
    guard index >= 0, index < count else { return Cursor(at: 0, end: 0) }
    return Cursor(at: Int(starts[index]), end: Int(starts[index + 1]))
  }

  /// The next record of a set, nil at its end.
  public func next(_ cursor: inout Cursor) -> Record? {
    let at = cursor.at
    guard at + Self.head <= cursor.end else { return nil }
    let length = Int(octets[at + 6]) << 8 | Int(octets[at + 7])
    var ttl: UInt32 = 0
    for offset in 2..<6 { ttl = ttl << 8 | UInt32(octets[at + offset]) }
    cursor.at = at + Self.head + length
    return Record(
      type: RRType(rawValue: UInt16(octets[at]) << 8 | UInt16(octets[at + 1])), ttl: ttl,
      data: (at + Self.head)..<cursor.at)
  }

  /// The data of a record.
  public func octets(_ record: Record) -> [UInt8] { Array(octets[record.data]) }

  /// Appends length and data of a record.
  public func append(_ record: Record, to writer: inout WireWriter) {
    writer.append16(UInt16(truncatingIfNeeded: record.data.count))
    writer.append(octets.span.extracting(record.data))
  }

  /// Collects local data.
  struct Builder {
    /// Most records of one rule: far more than any answer should have.
    static let recordsPerRule = 256
    /// Most octets in all.
    static let octetLimit = 1 << 28

    private var octets: [UInt8] = []
    private var starts: [UInt32] = [0]
    /// Sets by a keyed hash of their octets: 128 bits, so equal hashes are equal sets.
    private var known: [SipHash.Value: UInt32] = [:]
    private let key = SipHash.Key.random()

    /// The set of one record.
    mutating func intern(_ type: RRType, ttl: UInt32, _ data: Span<UInt8>) -> PolicyRule? {
      var record: [UInt8] = []
      record.reserveCapacity(LocalData.head + data.count)
      record += [UInt8(type.rawValue >> 8), UInt8(type.rawValue & 0xFF)]
      for shift in [24, 16, 8, 0] as [UInt32] { record.append(UInt8(ttl >> shift & 0xFF)) }
      record += [UInt8(data.count >> 8 & 0xFF), UInt8(data.count & 0xFF)]
      for index in data.indices { record.append(data[index]) }
      return intern(record)
    }

    private mutating func intern(_ set: [UInt8]) -> PolicyRule? {
      let hash = SipHash.hash(set.span, key: key)
      if let index = known[hash] { return .data(Int(index)) }
      guard octets.count + set.count <= Self.octetLimit else { return nil }
      octets += set
      starts.append(UInt32(octets.count))
      let index = starts.count - 2
      known[hash] = UInt32(index)
      return .data(index)
    }

    private func set(_ index: Int) -> ArraySlice<UInt8> {
      octets[Int(starts[index])..<Int(starts[index + 1])]
    }

    private static func records(_ set: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
      var records: [ArraySlice<UInt8>] = []
      var at = set.startIndex
      while at + LocalData.head <= set.endIndex {
        let end = at + LocalData.head + (Int(set[at + 6]) << 8 | Int(set[at + 7]))
        records.append(set[at..<end])
        at = end
      }
      return records
    }

    /// The set of all records of both, or why the second one cannot be added.
    mutating func merge(
      _ first: Int, _ second: Int
    ) -> Result<PolicyRule, SkipError> {
      let old = Self.records(set(first))
      let new = Self.records(set(second))
      let isAlias = { (record: ArraySlice<UInt8>) in
        record.prefix(2).elementsEqual([0, UInt8(RRType.cname.rawValue)])
      }
      let isSame = { (left: ArraySlice<UInt8>, right: ArraySlice<UInt8>) in
        left.prefix(2) == right.prefix(2) && left.dropFirst(6) == right.dropFirst(6)
      }
      var all = old
      for record in new {
        if old.contains(where: { isSame($0, record) }) {
          return .failure(SkipError(reason: .duplicate))
        }
        // RFC 2181 §10.1: an alias stands alone.
        if isAlias(record) || old.contains(where: isAlias) {
          return .failure(SkipError(reason: .conflict))
        }
        all.append(record)
      }
      guard all.count <= Self.recordsPerRule, let rule = intern(Array(all.joined())) else {
        return .failure(SkipError(reason: .tooMany))
      }
      return .success(rule)
    }

    /// The finished data.
    func finish() -> LocalData { LocalData(octets: octets, starts: starts) }
  }

  /// Why a record could not be added.
  struct SkipError: Error {
    var reason: SkipReason
  }
}
