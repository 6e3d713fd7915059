import DNSServer
import DNSWire
import DomainIndex
import Foundation
import Logging
import RPZOut
import Settings
import Transfers
import ZoneRecords

/// The policy zones of a running server.
///
/// All work on them is done here, on one of the control half's threads: making a version of five
/// million names takes a second or two, for which neither queries nor the supervisor wait.
actor RPZOutZones {
  /// A zone and what its newest version was made from.
  struct Entry {
    var zone: PolicyZone
    fileprivate var basis: Basis?
    var outcome: PolicyZone.Outcome?
  }

  /// Everything that decides what a version holds.
  fileprivate struct Basis: Equatable {
    var generation: UInt64
    var selection: PolicySelection
    var form: PolicyZoneForm
    var asOf: Int64?
    var file: String?
  }

  /// Names that must be valid "now" are chosen anew at this interval, seconds.
  private static let hour: Int64 = 3_600

  private let store: PolicyZoneStore
  private let logger: Logger
  private(set) var entries: [String: Entry] = [:]
  private var opened: [UInt64: NameList] = [:]
  /// The settings of the zones as of the last update.
  private var offered: [RPZOutZone] = []
  /// What is wrong with the zones, one line each.
  private(set) var problems: [String] = []

  init(dataDirectory: String, logger: Logger) {
    store = PolicyZoneStore(dataDirectory: dataDirectory)
    self.logger = logger
  }

  /// Makes the versions that settings, index and time call for.
  ///
  /// - Parameter generation: the index in force, nil for none.
  /// - Returns: whether there is a new version, another zone, or others may have them.
  func update(_ settings: Settings, generation: UInt64?, now: Int64) -> Bool {
    problems = []
    var isChanged =
      settings.rpzOut.map(\.name) != offered.map(\.name)
      || settings.rpzOut.map(\.transfer) != offered.map(\.transfer)
    offered = settings.rpzOut
    entries = entries.filter { name, _ in settings.rpzOut.contains { $0.name == name } }
    for configured in settings.rpzOut {
      do {
        if try update(configured, settings, generation, now) { isChanged = true }
      } catch {
        problems.append("policy zone \(configured.name): \(error)")
        logger.error("policy zone not renewed, the version in force stays: \(error)")
      }
    }
    opened = opened.filter { $0.key == generation }
    if let generation { store.prune(entries.values.map(\.zone), current: generation) }
    return isChanged
  }

  private func update(
    _ configured: RPZOutZone, _ settings: Settings, _ generation: UInt64?, _ now: Int64
  ) throws -> Bool {
    guard let form = configured.form(settings) else { return false }
    guard
      var entry = try entries[configured.name]
        ?? store.open(configured, settings).map({ Entry(zone: $0) })
    else { return false }
    entries[configured.name] = entry
    let asOf = configured.names == .current ? now - now % Self.hour : nil
    let basis = Basis(
      generation: generation ?? 0, selection: configured.selection(settings), form: form,
      asOf: asOf, file: configured.file)
    guard entry.basis != basis, let generation else { return false }
    guard let list = try list(of: generation) else { return false }
    let outcome = try entry.zone.publish(
      .init(list: list, selection: basis.selection, form: form, asOf: asOf), now: now,
      history: configured.history)
    entry.basis = basis
    entry.outcome = outcome
    entries[configured.name] = entry
    try store.save(entry.zone, as: configured.name)
    if let path = configured.file, let version = entry.zone.newest?.version {
      try PolicyZoneFile.write(version, to: path)
    }
    log(configured.name, outcome)
    return outcome.isNew
  }

  private func list(of generation: UInt64) throws -> NameList? {
    if let known = opened[generation] { return known }
    // Not there yet: the index was made before there was a policy zone; another is being made.
    let list = store.list(of: generation)
    if let list { opened = [generation: list] }
    return list
  }

  private func log(_ name: String, _ outcome: PolicyZone.Outcome) {
    guard outcome.isNew else { return }
    var metadata: Logger.Metadata = [
      "zone": "\(name)", "serial": "\(outcome.serial)", "names": "\(outcome.names)",
    ]
    if let deleted = outcome.deleted { metadata["deleted"] = "\(deleted)" }
    if let added = outcome.added { metadata["added"] = "\(added)" }
    if outcome.tooLong > 0 { metadata["too_long"] = "\(outcome.tooLong)" }
    logger.info("new version of a policy zone", metadata: metadata)
  }

  /// The zones, each with those who may have it.
  var offers: [TransferZone] {
    offered.compactMap { configured in
      entries[configured.name].map {
        TransferZone(source: $0.zone, access: TransferAccess(configured.transfer))
      }
    }
  }
}
