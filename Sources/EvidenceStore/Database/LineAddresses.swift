internal import Evidence
internal import HitLog

/// On which days a line had which address, as far as its hits say: what leads from an address to the
/// line, and from the line to its hits.
struct LineAddress: Hashable {
  var client: ClientAddress
  /// Days since 1970.
  var day: Int64
}

/// The first and last lookup of a line from an address on a day, microseconds since 1970.
struct LineSpan {
  let client: ClientAddress
  var first: Int64
  var last: Int64

  init(client: ClientAddress, first: Int64, last: Int64) {
    self.client = client
    self.first = first
    self.last = last
  }

  /// That of one hit.
  init(_ hit: HitRow) {
    self.init(client: hit.client, first: hit.firstMicroseconds, last: hit.lastMicroseconds)
  }

  /// Takes another in, of the same address and day.
  mutating func extend(by other: LineSpan) {
    first = min(first, other.first)
    last = max(last, other.last)
  }
}

/// Rows of lines' addresses; within a transaction.
extension EvidenceDatabase {
  /// Notes that a line had an address; again is no matter.
  func note(_ span: LineSpan, day: Int64, of suspect: Int64) throws(HitStorageError) {
    let put = try statement(
      """
      INSERT INTO line_addresses VALUES (?1,?2,?3,?4,?5) ON CONFLICT (client, suspect, day)
      DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)
      """)
    put.bind(1, copying: span.client.octets)
    put.bind(2, suspect)
    put.bind(3, day)
    put.bind(4, span.first)
    put.bind(5, span.last)
    try put.run()
  }

  /// Lines that had an address up to an instant, the last one first.
  func lines(of client: ClientAddress, until: Int64 = .max) throws(HitStorageError) -> [Int64] {
    let find = try statement(
      """
      SELECT suspect FROM line_addresses WHERE client = ? AND first <= ? ORDER BY last DESC
      """)
    find.bind(1, copying: client.octets)
    find.bind(2, until)
    return try numbers(find)
  }

  /// When the addresses of a line were its.
  func spans(ofLine suspect: Int64) throws(HitStorageError) -> [LineSpan] {
    let find = try statement("SELECT client, first, last FROM line_addresses WHERE suspect = ?")
    find.bind(1, suspect)
    defer { find.reset() }
    var spans: [LineSpan] = []
    while try find.step() {
      guard let client = ClientAddress(octets: find.blob(0)) else { continue }
      spans.append(LineSpan(client: client, first: find.int(1), last: find.int(2)))
    }
    return spans
  }

  func expireLineAddresses(before: Int64, limit: Int) throws(HitStorageError) -> Int {
    let delete = try statement(
      """
      DELETE FROM line_addresses WHERE (client, suspect, day) IN
        (SELECT client, suspect, day FROM line_addresses WHERE day < ? LIMIT ?)
      """)
    delete.bind(1, UTCTime.dayNumber(microseconds: before))
    delete.bind(2, Int64(limit))
    try delete.run()
    return try changes()
  }

  /// Deletes a suspect, and which addresses it had.
  func deleteSuspect(_ id: Int64) throws(HitStorageError) {
    try run("DELETE FROM suspects WHERE id = ?", id)
    try run("DELETE FROM line_addresses WHERE suspect = ?", id)
  }
}
