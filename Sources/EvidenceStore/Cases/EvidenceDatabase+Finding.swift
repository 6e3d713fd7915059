internal import Evidence
internal import HitLog

/// Finding episodes; within or without a transaction.
extension EvidenceDatabase {
  /// Rows of the suspects that an address is, or may be, part of.
  func suspects(of client: ClientAddress) throws(HitStorageError) -> [Int64] {
    var ids: [Int64] = []
    let bits = client.isIPv4 ? 32 : 128
    for length in 0...bits {
      let name = Suspect.address(client, prefixLength: length).description
      if let row = try suspect(name) { ids.append(row.id) }
    }
    let devices = try statement(
      "SELECT id FROM suspects WHERE name >= ?1 AND name < ?2 ORDER BY name")
    // `0` follows `/` in ASCII: all names that begin with the address and a slash.
    devices.bind(1, "device:\(client)/")
    devices.bind(2, "device:\(client)0")
    ids += try numbers(devices)
    ids += try self.devices(in: .address(client))
    return Array(Set(ids + (try lines(of: client)))).sorted()
  }

  /// Devices that were told to have an address or a prefix, as their days say.
  ///
  /// Their names have the address of the forwarder, which is all that is sure of them.
  func devices(in subject: Suspect) throws(HitStorageError) -> [Int64] {
    let find = try statement(
      """
      SELECT s.id, d.summary FROM suspects s JOIN episodes e ON e.suspect = s.id
      JOIN days d ON d.id BETWEEN e.id << 16 AND (e.id << 16) + 65535
      WHERE s.name >= 'device:' AND s.name < 'device;'
      """)
    defer { find.reset() }
    var ids: Set<Int64> = []
    while try find.step() {
      guard !ids.contains(find.int(0)), let summary = DaySummary(decoding: find.blob(1)),
        subject.covers(summary.client, summary.origin)
      else { continue }
      ids.insert(find.int(0))
    }
    return ids.sorted()
  }

  func episodes(ofSuspect id: Int64) throws(HitStorageError) -> [Int64] {
    let find = try statement("SELECT id FROM episodes WHERE suspect = ? ORDER BY family")
    find.bind(1, id)
    return try numbers(find)
  }

  /// Episodes whose identifier begins with a text of at least eight characters.
  func episodes(identifiedBy text: String) throws(HitStorageError) -> [Int64] {
    let start = text.lowercased()
    guard start.utf8.count >= 8, start.allSatisfy({ $0.isHexDigit || $0 == "-" }) else { return [] }
    let find = try statement(
      """
      SELECT e.id FROM cases c JOIN episodes e ON e.case_number = c.id
      WHERE c.uuid >= ?1 AND c.uuid < ?2
      """)
    find.bind(1, start)
    find.bind(2, start + "g")
    return try numbers(find)
  }

  /// Episodes that a query wants but for gate and state, those seen last first.
  func episodes(_ query: EpisodeQuery) throws(HitStorageError) -> [Int64] {
    var sql = "SELECT id FROM episodes WHERE 1"
    if query.since != nil { sql += " AND last >= ?1" }
    if query.until != nil { sql += " AND first < ?2" }
    if query.family != nil { sql += " AND family = ?3" }
    var suspects: Set<Int64>?
    if let client = query.client { suspects = Set(try self.suspects(of: client)) }
    if let suspects {
      sql += " AND suspect IN (\(suspects.sorted().map(String.init).joined(separator: ",")))"
    }
    let find = try statement(sql + " ORDER BY last DESC, id")
    if let since = query.since { find.bind(1, since) }
    if let until = query.until { find.bind(2, until) }
    if let family = query.family { find.bind(3, family) }
    return try numbers(find)
  }
}
