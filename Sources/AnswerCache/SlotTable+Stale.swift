import DNSWire
import Synchronization

/// Answers past their time.
extension SlotTable.Fields {
  /// Whether an answer whose time is over is served nevertheless.
  func isServedStale(at now: Int64, _ wanted: SlotTable.Wanted) -> Bool {
    guard now < staleUntil else { return false }
    return wanted == .stale || now < postponedUntil
  }
}

extension SlotTable {
  /// Has the answer under `key` served stale until `until`, if it may be that long.
  ///
  /// - Returns: false when there is none that may be served stale.
  func postpone(_ key: AnswerKey, at now: Int64, until: Int64, epoch: UInt32) -> Bool {
    change(key) { fields in
      guard fields.epoch == epoch, now < fields.staleUntil, fields.expiresAt <= now else {
        return false
      }
      fields.postponedUntil = until
      return true
    }
  }
}
