internal import Evidence
internal import HitLog

/// What was learned of names, without clients.
extension EvidenceDatabase {
  /// Most names that are kept in memory for scoring.
  static let benignLimit = 1_000_000

  func benignRates() throws(HitStorageError) -> BenignRates {
    var rates = BenignRates()
    let find = try statement(
      "SELECT key, clients, client_days, rank, false_positives FROM benign LIMIT ?")
    find.bind(1, Int64(Self.benignLimit))
    defer { find.reset() }
    while try find.step() {
      var counts = BenignRates.Counts()
      counts.clients = UInt64(clamping: find.int(1))
      counts.clientDays = UInt64(clamping: find.int(2))
      counts.rank = find.optionalInt(3).map { UInt32(clamping: $0) }
      counts.falsePositives = UInt32(clamping: find.int(4))
      rates.counts[UInt64(bitPattern: find.int(0))] = counts
    }
    let names = try statement("SELECT key FROM quarantine")
    defer { names.reset() }
    while try names.step() {
      rates.counts[UInt64(bitPattern: names.int(0)), default: BenignRates.Counts()].isQuarantined =
        true
    }
    return rates
  }

  /// Notes that names were asked for by somebody who is not infected, or takes that back.
  func addFalsePositives(_ keys: [UInt64], _ change: Int) throws(HitStorageError) {
    let put = try statement(
      """
      INSERT INTO benign VALUES (?1, 0, 0, NULL, max(0, ?2)) ON CONFLICT (key)
      DO UPDATE SET false_positives = max(0, false_positives + ?2)
      """)
    for key in keys {
      put.bind(1, Int64(bitPattern: key))
      put.bind(2, Int64(change))
      try put.run()
    }
    try raiseBenignVersion()
  }

  /// Has engines read again what is known of names.
  func raiseBenignVersion() throws(HitStorageError) {
    try set("benign-version", (try value("benign-version") ?? 0) + 1)
  }

  func quarantineSize() throws(HitStorageError) -> Int {
    let find = try statement("SELECT count(*) FROM quarantine")
    defer { find.reset() }
    return try find.step() ? Int(find.int(0)) : 0
  }

  /// Open episodes by the rank of their gate.
  func openEpisodes() throws(HitStorageError) -> [Int] {
    let find = try statement(
      "SELECT gate, count(*) FROM episodes WHERE is_open = 1 GROUP BY is_open, gate")
    defer { find.reset() }
    var counts = [0, 0, 0, 0]
    while try find.step() {
      if counts.indices.contains(Int(find.int(0))) { counts[Int(find.int(0))] = Int(find.int(1)) }
    }
    return counts
  }

  func newestSequence() throws(HitStorageError) -> Int64 {
    let find = try statement("SELECT ifnull(max(sequence), 0) FROM feed")
    defer { find.reset() }
    return try find.step() ? find.int(0) : 0
  }
}
