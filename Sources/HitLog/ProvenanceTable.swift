import Evidence

/// Row numbers of servers, generators and provenances, and what each (generation, payload) means.
///
/// Belongs to one open database. After a rollback it is thrown away with it, because rows that it
/// remembers may be gone.
final class ProvenanceTable {
  /// What the rows of one hit need to know.
  struct Resolved {
    let provenance: Int64
    let ordinal: UInt32?
    /// Contents of the `more` column; empty = NULL.
    let more: [UInt8]
    /// What the first match adds to infections; the usual case has no other.
    let first: Mark
    /// What the others add.
    let further: [Mark]

    /// The same for another place of the list of the only match.
    fileprivate func moved(to ordinal: UInt32) -> Resolved {
      Resolved(
        provenance: provenance, ordinal: ordinal, more: [],
        first: Mark(generator: first.generator, period: first.period, ordinal: ordinal),
        further: [])
    }
  }

  /// One generator and place of its list, for the infection aggregate.
  struct Mark {
    let generator: Int64
    let period: Int64
    let ordinal: UInt32?
  }

  private struct Generator: Hashable {
    let family: String
    let variant: String
    let seed: String
    let kind: UInt8
  }

  private struct Server: Hashable {
    let high: UInt64
    let low: UInt64
    let port: UInt16
  }

  private struct Row {
    let id: Int64
    let generator: Int64
  }

  /// What is remembered of a (generation, payload) or of a (generation, list).
  private struct Known {
    let generation: UInt64
    let key: UInt64
    let resolved: Resolved
  }

  /// Entries of each direct-mapped cache; about 1 MiB.
  private static let cacheEntries = 8192

  private let source: any ProvenanceSource
  /// Names with several matches, by payload.
  private var payloads: [Known?]
  /// Names with one match, by their list: all of a list differ in the ordinal alone.
  private var lists: [Known?]
  private var generators: [Generator: Int64] = [:]
  private var provenances: [Provenance: Row] = [:]
  private var servers: [Server: Int64] = [:]
  private var lastServer: (server: Server, id: Int64)?
  private let insertGenerator: SQLStatement
  private let insertProvenance: SQLStatement
  private let insertServer: SQLStatement
  private var nextGenerator: Int64 = 1
  private var nextProvenance: Int64 = 1
  private var nextServer: Int64 = 1

  init(_ connection: OpaquePointer, source: any ProvenanceSource) throws(HitStorageError) {
    self.source = source
    payloads = Array(repeating: nil, count: Self.cacheEntries)
    lists = Array(repeating: nil, count: Self.cacheEntries)
    insertGenerator = try SQLStatement(connection, "INSERT INTO generators VALUES (?,?,?,?,?)")
    insertProvenance = try SQLStatement(connection, "INSERT INTO provenance VALUES (?,?,?,?)")
    insertServer = try SQLStatement(connection, "INSERT INTO servers VALUES (?,?,?)")
    try load(connection)
  }

  private func load(_ connection: OpaquePointer) throws(HitStorageError) {
    var byID: [Int64: Generator] = [:]
    let generatorRows = try SQLStatement(
      connection, "SELECT id, family, variant, seed, kind FROM generators")
    while try generatorRows.step() {
      let generator = Generator(
        family: generatorRows.text(1), variant: generatorRows.text(2), seed: generatorRows.text(3),
        kind: UInt8(truncatingIfNeeded: generatorRows.int(4)))
      generators[generator] = generatorRows.int(0)
      byID[generatorRows.int(0)] = generator
      nextGenerator = max(nextGenerator, generatorRows.int(0) + 1)
    }
    let rows = try SQLStatement(
      connection, "SELECT id, generator, valid_from, valid_to FROM provenance")
    while try rows.step() {
      nextProvenance = max(nextProvenance, rows.int(0) + 1)
      guard let generator = byID[rows.int(1)] else { continue }
      let provenance = Provenance(
        family: generator.family, variant: generator.variant, seed: generator.seed,
        kind: Provenance.Kind(rawValue: generator.kind) ?? .unknown,
        validFrom: rows.optionalInt(2), validTo: rows.optionalInt(3))
      provenances[provenance] = Row(id: rows.int(0), generator: rows.int(1))
    }
    let serverRows = try SQLStatement(connection, "SELECT id, address, port FROM servers")
    while try serverRows.step() {
      nextServer = max(nextServer, serverRows.int(0) + 1)
      guard let address = ClientAddress(octets: serverRows.blob(1)) else { continue }
      let port = UInt16(truncatingIfNeeded: serverRows.int(2))
      servers[Server(high: address.high, low: address.low, port: port)] = serverRows.int(0)
    }
  }

  // MARK: - Looking up, within a transaction

  /// The row number of a local address and port.
  func server(_ event: HitEvent) throws(HitStorageError) -> Int64 {
    let server = Server(high: event.serverHigh, low: event.serverLow, port: event.serverPort)
    if let lastServer, lastServer.server == server { return lastServer.id }
    let id: Int64
    if let known = servers[server] {
      id = known
    } else {
      id = nextServer
      insertServer.bind(1, id)
      insertServer.bind(
        2, copying: ClientAddress(high: event.serverHigh, low: event.serverLow).octets)
      insertServer.bind(3, Int64(event.serverPort))
      try insertServer.run()
      nextServer += 1
      servers[server] = id
    }
    lastServer = (server, id)
    return id
  }

  /// What an index payload means, asking the source on the first sight of it.
  func resolve(generation: UInt64, payload: UInt64) throws(HitStorageError) -> Resolved {
    if let place = source.place(generation: generation, payload: payload) {
      let slot = Self.slot(generation, place.list)
      if let known = lists[slot], known.key == place.list, known.generation == generation {
        return known.resolved.moved(to: place.ordinal)
      }
      let resolved = try look(generation: generation, payload: payload)
      lists[slot] = Known(generation: generation, key: place.list, resolved: resolved)
      return resolved
    }
    let slot = Self.slot(generation, payload)
    if let known = payloads[slot], known.key == payload, known.generation == generation {
      return known.resolved
    }
    return try look(generation: generation, payload: payload) { resolved in
      payloads[slot] = Known(generation: generation, key: payload, resolved: resolved)
    }
  }

  private static func slot(_ generation: UInt64, _ key: UInt64) -> Int {
    let mixed = (key ^ generation) &* 0x9e37_79b9_7f4a_7c15
    return Int(mixed >> 32) & (cacheEntries - 1)
  }

  /// Asks the source; what it cannot explain now may be explainable later (the index is being
  /// opened), so only what it explains is to be remembered.
  private func look(
    generation: UInt64, payload: UInt64, remember: (Resolved) -> Void = { _ in }
  ) throws(HitStorageError) -> Resolved {
    let matches = source.matches(generation: generation, payload: payload)
    guard !matches.isEmpty else {
      return try unresolved(generation: generation, payload: payload)
    }
    let resolved = try resolved(matches)
    remember(resolved)
    return resolved
  }

  private func unresolved(
    generation: UInt64, payload: UInt64
  ) throws(HitStorageError) -> Resolved {
    let row = try self.row(.unknown)
    let kept = HitRow.UnresolvedMatch(generation: generation, payload: payload)
    return Resolved(
      provenance: row.id, ordinal: nil,
      more: MoreBlob.encode(unresolved: kept),
      first: Mark(generator: row.generator, period: 0, ordinal: nil), further: [])
  }

  private func resolved(
    _ matches: [ProvenanceMatch]
  ) throws(HitStorageError) -> Resolved {
    let first = try row(matches[0].provenance)
    var further: [Mark] = []
    var stored: [MoreBlob.FurtherMatch] = []
    for match in matches.dropFirst() {
      let row = try self.row(match.provenance)
      stored.append(MoreBlob.FurtherMatch(provenance: row.id, ordinal: match.ordinal))
      further.append(mark(match, row))
    }
    return Resolved(
      provenance: first.id, ordinal: matches[0].ordinal,
      more: stored.isEmpty ? [] : MoreBlob.encode(stored), first: mark(matches[0], first),
      further: further)
  }

  private func mark(_ match: ProvenanceMatch, _ row: Row) -> Mark {
    Mark(
      generator: row.generator, period: match.provenance.validFrom ?? .min, ordinal: match.ordinal)
  }

  private func row(_ provenance: Provenance) throws(HitStorageError) -> Row {
    if let known = provenances[provenance] { return known }
    let generator = Generator(
      family: provenance.family, variant: provenance.variant, seed: provenance.seed,
      kind: provenance.kind.rawValue)
    let row = Row(id: nextProvenance, generator: try generatorID(generator))
    insertProvenance.bind(1, row.id)
    insertProvenance.bind(2, row.generator)
    insertProvenance.bind(3, provenance.validFrom)
    insertProvenance.bind(4, provenance.validTo)
    try insertProvenance.run()
    nextProvenance += 1
    provenances[provenance] = row
    return row
  }

  private func generatorID(_ generator: Generator) throws(HitStorageError) -> Int64 {
    if let known = generators[generator] { return known }
    let id = nextGenerator
    insertGenerator.bind(1, id)
    insertGenerator.bind(2, generator.family)
    insertGenerator.bind(3, generator.variant)
    insertGenerator.bind(4, generator.seed)
    insertGenerator.bind(5, Int64(generator.kind))
    try insertGenerator.run()
    nextGenerator += 1
    generators[generator] = id
    return id
  }
}
