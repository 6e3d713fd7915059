import DNSServer
import DNSWire
import Logging
import QueryPath
import Settings
import Synchronization
import Transfers
import ZoneRecords
import Zones

/// What the control half keeps about zones that come and go by transfer.
///
/// Used by the supervisor alone; the lock is for the compiler, and for `offer`.
final class ZoneTransfers: Sendable {
  private struct State {
    var journals: [Name: JournaledZone] = [:]
    var contents: [Name: LoadedZoneContent] = [:]
    /// Versions of copies, so that a new one is loaded.
    var versions: [Name: UInt64] = [:]
    var expired: Set<Name> = []
    /// Zones that others offer: policy zones made of the index.
    var offered: [TransferZone] = []
    /// The versions that secondaries have been told of.
    var told: [Name: UInt32] = [:]
    var keys = TSIGKeyring()
    /// Whether the sockets are open: a secondary that is told comes at once.
    var isListening = false
  }

  private let state = Mutex(State())
  private let census = TransferCensus()
  let gate = NotifyGate()
  let notifier: Notifier

  init(logger: Logger) {
    notifier = Notifier(now: UTCClock.seconds) { logger.warning("\($0)") }
  }

  // MARK: - Coming in

  /// Where the zones of the configuration are read from.
  func sources(_ settings: Settings) -> [Zones.ZoneSource] {
    state.withLock { state in
      settings.zones.compactMap { zone in
        guard let name = try? Name(zone.name) else { return nil }
        guard !zone.primaries.isEmpty else {
          return zone.file.map { Zones.ZoneSource(name: name, path: $0) }
        }
        var source = Zones.ZoneSource(
          name: name, path: settings.copyPath(zone, name), format: .records)
        source.version = state.versions[name] ?? 0
        source.isExpired = state.expired.contains(name)
        return source
      }
    }
  }

  /// Notes that a new copy of a zone stands in its file.
  func noteUpdate(_ apex: Name) {
    state.withLock { state in
      state.versions[apex, default: 0] += 1
      state.expired.remove(apex)
    }
  }

  /// Notes that a copy must not be served any more, or may again.
  func noteExpired(_ apex: Name, _ isExpired: Bool) {
    state.withLock { state in
      if isExpired { state.expired.insert(apex) } else { state.expired.remove(apex) }
    }
  }

  // MARK: - Going out

  /// Sets the keys in force.
  func setKeys(_ keys: TSIGKeyring) { state.withLock { $0.keys = keys } }

  /// Lets secondaries be told from now on.
  func noteListening() { state.withLock { $0.isListening = true } }

  /// Sets the zones that are not local ones; `update` makes them known.
  func offer(_ zones: [TransferZone]) { state.withLock { $0.offered = zones } }

  /// Takes up new versions, tells secondaries of them, and says what the query path needs.
  func update(_ settings: Settings, _ zones: ZoneSet) -> TransferState {
    let (result, changed) = state.withLock { state in
      Self.update(&state, settings, zones)
    }
    for (zone, soa) in changed {
      let (notifier, apex) = (notifier, zone.source.apex)
      Task { await notifier.tell(zone.access.notify, of: soa, apex: apex) }
    }
    var full = result
    full.census = census
    full.gate = gate
    return full
  }

  private static func update(
    _ state: inout State, _ settings: Settings, _ zones: ZoneSet
  ) -> (TransferState, [(TransferZone, ZoneRecord)]) {
    var offered: [TransferZone] = []
    for zone in settings.zones where zone.transfer != ZoneTransfer() {
      guard let name = try? Name(zone.name) else { continue }
      offered.append(
        TransferZone(
          source: journal(name, &state, zones), access: TransferAccess(zone.transfer)))
    }
    let names = Set(offered.map(\.source.apex))
    state.journals = state.journals.filter { names.contains($0.key) }
    state.contents = state.contents.filter { names.contains($0.key) }
    offered += state.offered
    var result = TransferState()
    result.keys = state.keys
    result.zones = TransferZones(offered)
    var changed: [(TransferZone, ZoneRecord)] = []
    for zone in offered where state.isListening && !zone.access.notify.isEmpty {
      guard let content = zone.source.current(), state.told[zone.source.apex] != content.serial
      else { continue }
      state.told[zone.source.apex] = content.serial
      changed.append((zone, content.soa))
    }
    return (result, changed)
  }

  /// The journal of a local zone, brought up to date.
  private static func journal(
    _ name: Name, _ state: inout State, _ zones: ZoneSet
  ) -> JournaledZone {
    let journal = state.journals[name] ?? JournaledZone(apex: name)
    state.journals[name] = journal
    let content = zones.content(of: name)
    if let content, state.contents[name].map({ content.isIdentical(to: $0) }) != true {
      journal.publish(content)
    } else if content == nil {
      journal.publish(nil)
    }
    state.contents[name] = content
    return journal
  }
}
