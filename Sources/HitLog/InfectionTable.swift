import Evidence

/// Writes what a batch says about infections, within the batch's transaction.
final class InfectionTable {
  private let find: SQLStatement
  private let insert: SQLStatement
  private let update: SQLStatement
  private let findNames: SQLStatement
  private let putNames: SQLStatement
  private var nextID: Int64 = 1

  init(_ connection: OpaquePointer) throws(HitStorageError) {
    find = try SQLStatement(
      connection,
      """
      SELECT id, names, hits, verified, first, last, qtypes, transports, last_port, last_server,
        last_relay, last_relay_port
      FROM infections WHERE client = ? AND generator = ? AND prefix = ? AND device = ?
      """)
    insert = try SQLStatement(
      connection, "INSERT INTO infections VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?15,?16,?13,?14)")
    update = try SQLStatement(
      connection,
      """
      UPDATE infections SET names = ?4, hits = ?5, verified = ?6, first = ?7, last = ?8,
        qtypes = ?9, transports = ?10, last_port = ?11, last_server = ?12, last_relay = ?13,
        last_relay_port = ?14 WHERE id = ?1
      """)
    findNames = try SQLStatement(
      connection,
      "SELECT members FROM name_sets WHERE infection = ? AND period = ? AND chunk = ?")
    putNames = try SQLStatement(connection, "INSERT OR REPLACE INTO name_sets VALUES (?,?,?,?)")
    let lastID = try SQLStatement(connection, "SELECT ifnull(max(id), 0) FROM infections")
    if try lastID.step() { nextID = lastID.int(0) + 1 }
  }

  /// Joins the batch's changes with what is stored.
  func apply(_ batch: inout InfectionBatch) throws(HitStorageError) {
    batch.sort()
    var nextName = 0
    for (index, change) in batch.changes.enumerated() {
      let start = nextName
      while nextName < batch.names.count, batch.names[nextName].change == index { nextName += 1 }
      try apply(change, names: batch.names[start..<nextName])
    }
  }

  // MARK: - One infection

  /// A stored infection joined with a change.
  private struct Joined {
    let id: Int64
    var names: Int64
    var hits: Int64
    var verified: Int64
    var first: Int64
    var last: Int64
    var qtypes: [UInt16]
    var transports: Int64
    var lastPort: Int64
    var lastServer: Int64
    /// Empty when the client itself asked.
    var lastRelay: [UInt8]
    var lastRelayPort: Int64
  }

  private func apply(
    _ change: InfectionBatch.Change, names: ArraySlice<InfectionBatch.NameMark>
  ) throws(HitStorageError) {
    let client = ClientAddress(high: change.key.high, low: change.key.low).octets
    let known = try stored(client: client, change.key)
    var joined = if let known { join(known, change) } else { new(change) }
    joined.names += try addNames(names, infection: joined.id, isNew: known == nil)
    let statement = known == nil ? insert : update
    if known == nil {
      statement.bind(2, copying: client)
      statement.bind(3, change.key.generator)
      statement.bind(15, Int64(change.key.prefix))
      statement.bind(16, copying: change.key.device)
    }
    bind(joined, to: statement)
    try statement.run()
  }

  private func stored(
    client: [UInt8], _ key: InfectionBatch.Key
  ) throws(HitStorageError) -> Joined? {
    find.bind(1, copying: client)
    find.bind(2, key.generator)
    find.bind(3, Int64(key.prefix))
    find.bind(4, copying: key.device)
    defer { find.reset() }
    guard try find.step() else { return nil }
    return Joined(
      id: find.int(0), names: find.int(1), hits: find.int(2), verified: find.int(3),
      first: find.int(4), last: find.int(5), qtypes: TypeSet.decode(find.blob(6)),
      transports: find.int(7), lastPort: find.int(8), lastServer: find.int(9),
      lastRelay: find.blob(10), lastRelayPort: find.int(11))
  }

  private func new(_ change: InfectionBatch.Change) -> Joined {
    defer { nextID += 1 }
    return Joined(
      id: nextID, names: 0, hits: change.hits, verified: change.verified,
      first: change.first, last: change.last, qtypes: change.qtypes,
      transports: change.transports, lastPort: Int64(change.lastPort),
      lastServer: change.lastServer, lastRelay: Self.relay(change),
      lastRelayPort: Int64(change.lastRelayPort))
  }

  private static func relay(_ change: InfectionBatch.Change) -> [UInt8] {
    let (high, low) = change.lastRelay
    return high | low == 0 ? [] : ClientAddress(high: high, low: low).octets
  }

  private func join(_ known: Joined, _ change: InfectionBatch.Change) -> Joined {
    var joined = known
    joined.hits += change.hits
    joined.verified += change.verified
    joined.first = min(known.first, change.first)
    joined.qtypes += change.qtypes
    joined.transports |= change.transports
    // Hits of a recovered ring may be older than what is stored.
    if change.last >= known.last {
      joined.last = change.last
      joined.lastPort = Int64(change.lastPort)
      joined.lastServer = change.lastServer
      joined.lastRelay = Self.relay(change)
      joined.lastRelayPort = Int64(change.lastRelayPort)
    }
    return joined
  }

  private func bind(_ joined: Joined, to statement: SQLStatement) {
    statement.bind(1, joined.id)
    statement.bind(4, joined.names)
    statement.bind(5, joined.hits)
    statement.bind(6, joined.verified)
    statement.bind(7, joined.first)
    statement.bind(8, joined.last)
    statement.bind(9, copying: TypeSet.encode(joined.qtypes))
    statement.bind(10, joined.transports)
    statement.bind(11, joined.lastPort)
    statement.bind(12, joined.lastServer)
    statement.bind(13, copying: joined.lastRelay)
    statement.bind(14, joined.lastRelayPort)
  }

  // MARK: - Names

  /// Adds the names to the infection's sets; returns how many were new.
  private func addNames(
    _ names: ArraySlice<InfectionBatch.NameMark>, infection: Int64, isNew: Bool
  ) throws(HitStorageError) -> Int64 {
    var added = 0
    var rest = names
    while let head = rest.first {
      let chunk = head.ordinal / NameSet.chunkOrdinals
      let run = rest.prefix {
        $0.period == head.period && $0.ordinal / NameSet.chunkOrdinals == chunk
      }
      rest = rest.dropFirst(run.count)
      let members =
        isNew ? [] : try storedNames(infection: infection, period: head.period, chunk: chunk)
      let joined = NameSet.adding(
        run.lazy.map { UInt16($0.ordinal % NameSet.chunkOrdinals) }, to: members)
      guard joined.added > 0 else { continue }
      added += joined.added
      putNames.bind(1, infection)
      putNames.bind(2, head.period)
      putNames.bind(3, Int64(chunk))
      putNames.bind(4, copying: joined.members)
      try putNames.run()
    }
    return Int64(added)
  }

  private func storedNames(
    infection: Int64, period: Int64, chunk: UInt32
  ) throws(HitStorageError) -> [UInt8] {
    findNames.bind(1, infection)
    findNames.bind(2, period)
    findNames.bind(3, Int64(chunk))
    defer { findNames.reset() }
    return try findNames.step() ? findNames.blob(0) : []
  }
}

/// Query types as they are stored: ascending u16, big-endian, each once.
enum TypeSet {
  static func encode(_ types: [UInt16]) -> [UInt8] {
    Set(types).sorted().flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
  }

  static func decode(_ octets: [UInt8]) -> [UInt16] {
    stride(from: 0, to: octets.count - 1, by: 2).map {
      UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1])
    }
  }
}
