public import DNSWire
import Synchronization

/// Looking at single answers, and forgetting them: for the control plane, not for the query path.
extension AnswerCache {
  /// What is known of an answer that is held.
  public struct Holding: Sendable, Equatable {
    /// Seconds since it was stored.
    public var age: Int64
    /// Seconds until it ends; negative once it has.
    public var secondsLeft: Int64
    /// Seconds it may still be served stale, 0 for none.
    public var staleSeconds: Int64
    /// Its response code.
    public var rcode: ResponseCode
    /// Whether it was validated.
    public var isSecure: Bool
    /// Links of its CNAME chain.
    public var chainCount: Int
    /// Records in its answer section.
    public var answerCount: Int
  }

  /// What is held under `key`, expired or not; nothing is marked by looking.
  public func inspect(_ key: AnswerKey, at now: Int64) -> Holding? {
    var holding: Holding?
    let epoch = epoch.load(ordering: .relaxed)
    for table in [small, large] where holding == nil {
      _ = table.change(key) { fields in
        guard fields.epoch == epoch else { return false }
        holding = Holding(
          age: now - fields.storedAt, secondsLeft: fields.expiresAt - now,
          staleSeconds: max(0, fields.staleUntil - max(now, fields.expiresAt)),
          rcode: ResponseCode(rawValue: fields.rcode), isSecure: fields.isSecure,
          chainCount: Int(fields.chainCount), answerCount: Int(fields.answerCount))
        return false
      }
    }
    return holding
  }

  /// Forgets the answers of a zone and all names below it.
  ///
  /// Answers kept over a restart have no origin and are forgotten with any zone.
  /// - Returns: how many there were.
  public func flush(zone: borrowing NameBuffer) -> Int {
    let origin = origin(of: zone)
    let epoch = epoch.load(ordering: .relaxed)
    return small.forget(origin, epoch: epoch) + large.forget(origin, epoch: epoch)
  }

  /// Forgets the answers of one name in class IN, of whatever type.
  ///
  /// The name is only in the key, a hash together with the type and two bits, so all keys there can
  /// be are looked for: 65,536 types × 4, some ten milliseconds.
  /// - Returns: how many there were.
  public func flush(name: borrowing NameBuffer) -> Int {
    let hash = SipHash.hash(name.canonicalBytes, key: hashKey)
    let epoch = epoch.load(ordering: .relaxed)
    var count = 0
    for type in 0...UInt16.max {
      for bits in 0..<4 {
        let key = AnswerKey(
          name: hash, qtype: RRType(rawValue: type), qclass: .internet,
          dnssecOK: bits & 1 != 0, checkingDisabled: bits & 2 != 0)
        for table in [small, large] {
          let isForgotten = table.change(key) { fields in
            guard fields.epoch == epoch else { return false }
            // No epoch to come for 4 billion flushes has this number.
            fields.epoch = epoch &- 1
            return true
          }
          if isForgotten { count += 1 }
        }
      }
    }
    return count
  }
}
