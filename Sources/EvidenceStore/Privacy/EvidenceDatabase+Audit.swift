package import HitLog

/// Who read what about whom.
extension EvidenceDatabase {
  /// Notes a read; in a transaction of its own, before the reader gets to see anything.
  package func audit(_ entry: AuditEntry) throws(HitStorageError) {
    try transaction { () throws(HitStorageError) in try add(entry) }
  }

  /// Notes a read within a transaction.
  func add(_ entry: AuditEntry) throws(HitStorageError) {
    let put = try statement("INSERT INTO audit VALUES (NULL,?,?,?,?,?,?)")
    put.bind(1, entry.time)
    put.bind(2, entry.who)
    put.bind(3, entry.via)
    put.bind(4, entry.action)
    put.bind(5, entry.subject)
    put.bind(6, Int64(entry.count))
    try put.run()
  }

  /// The notes, oldest first.
  ///
  /// - Parameters:
  ///   - subject: pseudonym of the one it should be about; nil for all notes.
  ///   - since: microseconds since 1970.
  package func auditEntries(
    subject: String? = nil, since: Int64? = nil, limit: Int? = nil
  ) throws(HitStorageError) -> [AuditEntry] {
    var sql = "SELECT time, who, via, action, subject, count FROM audit WHERE time >= ?1"
    if subject != nil { sql += " AND subject = ?2" }
    sql += " ORDER BY id DESC LIMIT ?3"
    let find = try statement(sql)
    find.bind(1, since ?? .min)
    if let subject { find.bind(2, subject) }
    find.bind(3, limit.map { Int64(max(1, $0)) } ?? -1)
    defer { find.reset() }
    var entries: [AuditEntry] = []
    while try find.step() {
      entries.append(
        AuditEntry(
          time: find.int(0), who: find.text(1), via: find.text(2), action: find.text(3),
          subject: find.text(4), count: Int(find.int(5))))
    }
    return entries.reversed()
  }
}
