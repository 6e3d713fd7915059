internal import HitLog

/// How far the hits are folded in.
///
/// Episodes know hits by a number that grows for ever: the row number in the present database of
/// hits plus `base`, the rows of all the databases before it.
struct HitCursor {
  /// Identity of the database of hits; nil before the first batch.
  var identity: Int64?
  /// Added to row numbers.
  var base: Int64
  /// Newest row that is folded in.
  var row: Int64
  /// Up to this number records have been sent; beyond `base + row` only while rebuilding.
  var sentUntil: Int64

  static func read(_ database: EvidenceDatabase) throws(HitStorageError) -> HitCursor {
    HitCursor(
      identity: try database.value("hits-identity"), base: try database.value("hits-base") ?? 0,
      row: try database.value("hits-row") ?? 0,
      sentUntil: try database.value("sent-until") ?? 0)
  }

  func write(_ database: EvidenceDatabase) throws(HitStorageError) {
    try database.set("hits-identity", identity ?? 0)
    try database.set("hits-base", base)
    try database.set("hits-row", row)
    try database.set("sent-until", max(sentUntil, base + row))
  }

  /// Takes up the hits of a tail; true when they are not those of before.
  mutating func follow(_ tail: HitTail) throws(HitStorageError) -> Bool {
    let newest = try tail.newest()
    if identity == tail.identity, newest >= row { return false }
    defer { identity = tail.identity }
    guard let identity else { return false }
    if identity == tail.identity {
      // An older copy was put back: what it holds was folded in before.
      base += row - newest
      row = newest
    } else {
      base += row
      row = 0
    }
    return true
  }
}
