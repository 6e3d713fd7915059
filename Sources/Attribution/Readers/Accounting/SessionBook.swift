import Addressing

/// Makes intervals of accounting events: the state between a session's start and its stop.
///
/// What is lost or late must not accuse the wrong line: a session whose stop never came ends when
/// another one takes its address, when its access server starts anew, or at its last sign of life plus
/// twice the time between updates, whichever is first. Where two sessions really claim an address at
/// once, both keep it, and a look-up answers `ambiguous`.
struct SessionBook {
  private struct Holding {
    var address: AccountingEvent.Address
    var from: Int64
  }

  private struct Session {
    var key: Octets
    var start: Int64
    var lastSeen: Int64
    /// Time between updates, microseconds: as told, or the longest seen.
    var interim: Int64?
    var holdings: [Holding] = []

    /// When a session that is heard of no more must be taken for ended.
    var staleAt: Int64? { interim.map { lastSeen + 2 * $0 } }
  }

  /// Time between updates as configured, microseconds; it overrules what is seen.
  private let interim: Int64?
  private var sessions: [AccountingEvent.SessionID: Session] = [:]
  /// Which open session has an address, to notice when another takes it.
  private var owners: [IPPrefix: AccountingEvent.SessionID] = [:]

  init(interim: Int64?) { self.interim = interim }

  /// Takes an event; what is wrong with it, nil when it was of use.
  mutating func take(_ event: AccountingEvent, _ output: inout ReaderOutput) -> String? {
    output.saw(event.time)
    switch event.kind {
    case .serverChange:
      endSessions(of: event.id.server, at: event.time, &output)
      return nil
    case .start:
      guard let key = event.key else { return "the record has no subscriber key" }
      if let old = sessions[event.id], old.key != key || event.time > old.lastSeen {
        // The number is used again: the session of before is over.
        end(event.id, at: min(event.time, old.staleAt ?? event.time), &output)
      }
      update(event, key, &output)
      return nil
    case .interim, .stop:
      guard let key = event.key ?? sessions[event.id]?.key else {
        return "the record has no subscriber key"
      }
      guard sessions[event.id] != nil || event.kind == .interim || event.duration != nil else {
        return "a stop without its start and without Acct-Session-Time"
      }
      update(event, key, &output)
      if event.kind == .stop { end(event.id, at: event.time, &output) }
      return nil
    }
  }

  /// Everything is read: sessions that are still open stay so, unless they are stale.
  mutating func finish(_ output: inout ReaderOutput) {
    for (id, session) in sessions { end(id, at: session.staleAt ?? .max, &output) }
  }

  // MARK: - Sessions

  private mutating func update(
    _ event: AccountingEvent, _ key: Octets, _ output: inout ReaderOutput
  ) {
    let begun = event.duration.map { event.time - $0 } ?? event.time
    var session =
      sessions[event.id]
      ?? Session(
        key: key, start: event.kind == .start ? event.time : begun, lastSeen: event.time)
    if event.time > session.lastSeen {
      session.interim = max(session.interim ?? 0, event.time - session.lastSeen)
    }
    if let told = interim ?? event.interim { session.interim = told }
    let previous = session.lastSeen
    session.lastSeen = max(session.lastSeen, event.time)
    dropReplaced(event, &session, &output)
    for address in event.addresses
    where !session.holdings.contains(where: { $0.address == address }) {
      // An address told late was there from the start, unless another of its kind was.
      let isFirst = !session.holdings.contains { $0.address.kind == address.kind }
      claim(address.prefix, for: event.id, at: session.start, &output)
      session.holdings.append(
        Holding(address: address, from: isFirst ? session.start : previous))
    }
    sessions[event.id] = session
  }

  /// Ends what an update no longer names, when it names another address of the same kind.
  private mutating func dropReplaced(
    _ event: AccountingEvent, _ session: inout Session, _ output: inout ReaderOutput
  ) {
    let kinds = Set(event.addresses.map(\.kind))
    let replaced = session.holdings.filter {
      kinds.contains($0.address.kind) && !event.addresses.contains($0.address)
    }
    for holding in replaced {
      tell(holding, session.key, to: event.time, &output)
      release(holding.address.prefix, of: event.id)
    }
    let gone = Set(replaced.map(\.address))
    session.holdings.removeAll { gone.contains($0.address) }
  }

  /// Takes an address from the session that had it, if that was not heard of since.
  private mutating func claim(
    _ prefix: IPPrefix, for id: AccountingEvent.SessionID, at time: Int64,
    _ output: inout ReaderOutput
  ) {
    defer { owners[prefix] = id }
    guard let owner = owners[prefix], owner != id, var old = sessions[owner],
      old.lastSeen <= time,
      let index = old.holdings.firstIndex(where: { $0.address.prefix == prefix })
    else { return }
    let holding = old.holdings.remove(at: index)
    sessions[owner] = old
    tell(holding, old.key, to: min(time, old.staleAt ?? time), &output)
  }

  private mutating func endSessions(
    of server: String, at time: Int64, _ output: inout ReaderOutput
  ) {
    for (id, session) in sessions where id.server == server && session.start <= time {
      end(id, at: min(time, session.staleAt ?? time), &output)
    }
  }

  private mutating func end(
    _ id: AccountingEvent.SessionID, at time: Int64, _ output: inout ReaderOutput
  ) {
    guard let session = sessions.removeValue(forKey: id) else { return }
    for holding in session.holdings {
      tell(holding, session.key, to: time, &output)
      release(holding.address.prefix, of: id)
    }
  }

  private mutating func release(_ prefix: IPPrefix, of id: AccountingEvent.SessionID) {
    if owners[prefix] == id { owners[prefix] = nil }
  }

  private func tell(
    _ holding: Holding, _ key: Octets, to: Int64, _ output: inout ReaderOutput
  ) {
    output.add(
      AddressInterval(prefix: holding.address.prefix, from: holding.from, to: to),
      .subscriber(key))
  }
}
