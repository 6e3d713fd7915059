public import DNSWire
import Synchronization

/// The answers of a cache as octets, to be kept over a restart.
///
/// A header of 40 octets (`PONORAC1`, fingerprint of the settings, secret key of the hashes, unix
/// time), then pieces: octets that follow (32 bits), their records, and 128 bits of SipHash over
/// them. All numbers are little-endian. A record is 58 octets of fields and the slot's payload.
/// Names are in it as keyed hashes, and as they occur in the answers' own records.
public enum CacheSnapshot {
  /// Why a snapshot is not taken over.
  public enum Refusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not a snapshot, or of another version.
    case foreign
    /// Made under other settings.
    case otherSettings
    /// From the future: a clock is wrong.
    case fromTheFuture
    /// A piece is damaged; what stood before it has been taken over.
    case damaged(at: Int)

    /// What is shown to people.
    public var description: String {
      switch self {
      case .foreign: "is no cache of this version"
      case .otherSettings: "was made under other settings"
      case .fromTheFuture: "was made in the future; check the clock"
      case .damaged(let offset): "is damaged at octet \(offset)"
      }
    }
  }

  static let magic: [UInt8] = Array("PONORAC1".utf8)
  static let headerOctets = 40
  static let fieldOctets = 58
  static let sumOctets = 16
  /// Octets of a piece when it is written out; one record more may be in it.
  static let pieceOctets = 1 << 20
  /// Larger pieces are not believed.
  static let largestPiece = 2 << 20
  /// For the sums, which find damage: whoever can write the file can do anything else as well.
  static let sumKey = SipHash.Key(low: 0x504f_4e4f_5241_4331, high: 0x6361_6368_6520_7375)

  /// The key of the hashes in a snapshot, if it was made under the same settings.
  ///
  /// A cache that is to take the snapshot over has to be made with this key.
  public static func key(
    of snapshot: Span<UInt8>, fingerprint: UInt64, at now: Int64
  ) throws(Refusal) -> SipHash.Key {
    guard snapshot.count >= headerOctets else { throw .foreign }
    for index in magic.indices where snapshot[index] != magic[index] { throw .foreign }
    guard number(snapshot, 8, 8) == fingerprint else { throw .otherSettings }
    guard Int64(bitPattern: number(snapshot, 32, 8)) <= now else { throw .fromTheFuture }
    return SipHash.Key(low: number(snapshot, 16, 8), high: number(snapshot, 24, 8))
  }

  /// The header of a snapshot.
  public static func header(fingerprint: UInt64, key: SipHash.Key, at now: Int64) -> [UInt8] {
    var header = magic
    for value in [fingerprint, key.low, key.high, UInt64(bitPattern: now)] {
      append(value, 8, to: &header)
    }
    return header
  }

  /// A piece with its length before it and its sum behind.
  public static func framed(_ piece: [UInt8]) -> [UInt8] {
    var frame: [UInt8] = []
    append(UInt64(piece.count), 4, to: &frame)
    let sum = SipHash.hash(piece.span, key: sumKey)
    frame += piece
    append(sum.low, 8, to: &frame)
    append(sum.high, 8, to: &frame)
    return frame
  }

  static func number(_ octets: Span<UInt8>, _ offset: Int, _ count: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(octets[offset + index]) << UInt64(8 * index) }
    return value
  }

  static func append(_ value: UInt64, _ count: Int, to octets: inout [UInt8]) {
    for index in 0..<count { octets.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }
}

// MARK: - Writing

extension AnswerCache {
  /// Hands out the snapshot in pieces of some 1 MiB; what is no use any more is left out.
  ///
  /// - Parameters:
  ///   - fingerprint: stands for the settings the answers were got under.
  ///   - now: unix seconds.
  public func snapshot(
    fingerprint: UInt64, at now: Int64, to sink: ([UInt8]) throws -> Void
  ) rethrows {
    try sink(CacheSnapshot.header(fingerprint: fingerprint, key: hashKey, at: now))
    var piece: [UInt8] = []
    let epoch = epoch.load(ordering: .relaxed)
    for table in [small, large] {
      for index in 0..<table.slotCount {
        guard let (fields, payload) = table.content(index), fields.epoch == epoch,
          max(fields.expiresAt, fields.staleUntil) > now
        else { continue }
        CacheSnapshot.append(fields, payload, to: &piece)
        if piece.count >= CacheSnapshot.pieceOctets { try flush(&piece, to: sink) }
      }
    }
    if !piece.isEmpty { try flush(&piece, to: sink) }
  }

  private func flush(_ piece: inout [UInt8], to sink: ([UInt8]) throws -> Void) rethrows {
    try sink(CacheSnapshot.framed(piece))
    piece.removeAll(keepingCapacity: true)
  }
}

extension CacheSnapshot {
  fileprivate static func append(
    _ fields: SlotTable.Fields, _ payload: [UInt8], to piece: inout [UInt8]
  ) {
    append(fields.low, 8, to: &piece)
    append(fields.high, 8, to: &piece)
    append(UInt64(bitPattern: fields.storedAt), 8, to: &piece)
    append(UInt64(bitPattern: fields.expiresAt), 8, to: &piece)
    append(UInt64(bitPattern: fields.staleUntil), 8, to: &piece)
    let words = [
      fields.rcode, fields.answerCount, fields.authorityCount, fields.additionalCount,
      fields.extendedError, fields.octetCount, fields.ttlCount, UInt16(fields.chainCount),
    ]
    for word in words { append(UInt64(word), 2, to: &piece) }
    append(fields.isSecure ? 1 : 0, 2, to: &piece)
    piece += payload
  }
}

// MARK: - Reading

extension AnswerCache {
  /// Takes over the answers of a snapshot.
  ///
  /// - Parameters:
  ///   - fingerprint: stands for the settings in force.
  ///   - now: unix seconds; answers that are no use any more are left out.
  /// - Returns: how many were taken over.
  public func restore(
    _ snapshot: Span<UInt8>, fingerprint: UInt64, at now: Int64
  ) throws(CacheSnapshot.Refusal) -> Int {
    guard try CacheSnapshot.key(of: snapshot, fingerprint: fingerprint, at: now) == hashKey else {
      throw .otherSettings
    }
    var count = 0
    var offset = CacheSnapshot.headerOctets
    while offset < snapshot.count {
      guard snapshot.count - offset > 4 + CacheSnapshot.sumOctets else {
        throw .damaged(at: offset)
      }
      let length = Int(CacheSnapshot.number(snapshot, offset, 4))
      let start = offset + 4
      guard length <= CacheSnapshot.largestPiece,
        length <= snapshot.count - start - CacheSnapshot.sumOctets
      else { throw .damaged(at: offset) }
      let piece = snapshot.extracting(start..<start + length)
      let sum = SipHash.hash(piece, key: CacheSnapshot.sumKey)
      guard CacheSnapshot.number(snapshot, start + length, 8) == sum.low,
        CacheSnapshot.number(snapshot, start + length + 8, 8) == sum.high
      else { throw .damaged(at: offset) }
      count += try restore(piece: piece, offset: start, at: now)
      offset = start + length + CacheSnapshot.sumOctets
    }
    return count
  }

  private func restore(
    piece: Span<UInt8>, offset: Int, at now: Int64
  ) throws(CacheSnapshot.Refusal) -> Int {
    var count = 0
    var position = 0
    while position < piece.count {
      let start = position
      guard piece.count - position >= CacheSnapshot.fieldOctets else {
        throw .damaged(at: offset + start)
      }
      var fields = CacheSnapshot.fields(piece, position)
      position += CacheSnapshot.fieldOctets
      let size = fields.payloadOctets
      guard size <= piece.count - position, size <= large.room, fields.isPlausible(at: now) else {
        throw .damaged(at: offset + start)
      }
      var payload: [UInt8] = []
      payload.reserveCapacity(size)
      for index in position..<position + size { payload.append(piece[index]) }
      guard fields.holds(payload) else { throw .damaged(at: offset + start) }
      position += size
      guard max(fields.expiresAt, fields.staleUntil) > now else { continue }
      fields.epoch = epoch.load(ordering: .relaxed)
      if (size <= small.room ? small : large).write(fields, payload: payload) { count += 1 }
    }
    return count
  }
}

extension CacheSnapshot {
  fileprivate static func fields(_ piece: Span<UInt8>, _ start: Int) -> SlotTable.Fields {
    var words: [UInt16] = []
    for index in 0..<9 {
      words.append(UInt16(truncatingIfNeeded: number(piece, start + 40 + index * 2, 2)))
    }
    var fields = SlotTable.Fields()
    fields.low = number(piece, start, 8)
    fields.high = number(piece, start + 8, 8)
    fields.storedAt = Int64(bitPattern: number(piece, start + 16, 8))
    fields.expiresAt = Int64(bitPattern: number(piece, start + 24, 8))
    fields.staleUntil = Int64(bitPattern: number(piece, start + 32, 8))
    fields.rcode = words[0]
    fields.answerCount = words[1]
    fields.authorityCount = words[2]
    fields.additionalCount = words[3]
    fields.extendedError = words[4]
    fields.octetCount = words[5]
    fields.ttlCount = words[6]
    fields.chainCount = UInt8(clamping: words[7])
    fields.isSecure = words[8] & 1 == 1
    return fields
  }
}

extension SlotTable.Fields {
  /// Octets of TTL offsets, chain and answer.
  var payloadOctets: Int {
    Int(ttlCount) * 2 + Int(chainCount) * SlotTable.linkOctets + Int(octetCount)
  }

  /// Whether times and counts can be those of an answer.
  fileprivate func isPlausible(at now: Int64) -> Bool {
    // TTLs are capped at 7 days, and so is the time after them (`cache.max_ttl`, `cache.stale`).
    let longest: Int64 = 7 * 86_400
    guard low != 0, storedAt <= now, storedAt > now - 4 * longest, expiresAt >= storedAt,
      expiresAt <= storedAt + longest
    else { return false }
    return Int(chainCount) <= AnswerInfo.longestChain
      && (staleUntil == 0 || (staleUntil >= expiresAt && staleUntil <= expiresAt + longest))
  }

  /// Whether all offsets in a payload lie in its octets.
  fileprivate func holds(_ payload: [UInt8]) -> Bool {
    let word = { (index: Int) in Int(payload[index * 2]) | Int(payload[index * 2 + 1]) << 8 }
    let octets = Int(octetCount)
    guard (0..<Int(ttlCount)).allSatisfy({ word($0) + 4 <= octets }) else { return false }
    return (0..<Int(chainCount)).allSatisfy { link in
      let first = Int(ttlCount) + link * 3
      return word(first) < octets && word(first + 1) <= octets
        && word(first + 2) <= Int(answerCount)
    }
  }
}
