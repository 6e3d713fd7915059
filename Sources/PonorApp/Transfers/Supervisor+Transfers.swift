import ControlPlane
import DNSServer
import DNSWire
import Foundation
import Logging
import Settings
import Transfers
import Zones

/// Zones that come by transfer.
extension Supervisor {
  /// Begins to keep copies up to date and to offer zones.
  func startTransfers() async {
    await configureTransfers()
    reloadZones()
  }

  /// Ends all transfers that come in; copies stay.
  func stopTransfers() async {
    await secondaries.stop()
    await transfers.notifier.stop()
  }

  /// Offers zones that are not local ones, beside those that are; called again for each new version.
  func offer(_ zones: [TransferZone]) {
    transfers.offer(zones)
    publish()
  }

  /// Takes up zones, primaries and keys from the settings.
  func configureTransfers() async {
    let (keys, problems) = settings.tsigKeyring()
    self.problems["tsig_keys"] = problems
    for problem in problems { logger.error("\(problem)") }
    transfers.setKeys(keys)
    await transfers.notifier.setKeys(keys)
    let zones = settings.secondaryZones(keys)
    let policies = settings.policyCopies
    for directory in [settings.copyDirectory, settings.policyCopyDirectory] {
      guard zones.contains(where: { $0.path.hasPrefix(directory) }) else { continue }
      try? FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    }
    await secondaries.configure(zones)
    for status in await secondaries.statuses {
      if policies.contains(status.apex) {
        await policyManager.noteExpired(status.apex, status.isExpired)
      } else {
        transfers.noteExpired(status.apex, status.isExpired)
      }
    }
  }

  /// Hears from the secondary zones.
  func note(_ event: SecondaryEvent, about apex: Name) async {
    let key = "transfer of \(apex)"
    let isPolicy = settings.policyCopies.contains(apex)
    switch event {
    case .updated(let serial, let records, let incremental, let primary):
      logger.info(
        "zone transferred",
        metadata: [
          "zone": "\(apex)", "serial": "\(serial)", "records": "\(records)",
          "form": incremental ? "differences" : "whole", "primary": "\(primary)",
        ])
      problems[key] = nil
      if isPolicy { return await takePolicyZone(apex) }
      transfers.noteUpdate(apex)
      reloadZones()
    case .failed(let failures):
      let texts = failures.map { "zone \(apex) not transferred: \($0)" }
      if problems[key] != texts { for text in texts { logger.warning("\(text)") } }
      problems[key] = texts
    case .expired where isPolicy:
      logger.error(
        "policy zone \(apex) has expired: no primary was reached in time; its rules are out of force"
      )
      await policyManager.noteExpired(apex, true)
      await updateResponsePolicy()
    case .expired:
      logger.error("zone \(apex) has expired: no primary was reached in time; answering SERVFAIL")
      transfers.noteExpired(apex, true)
      reloadZones()
    case .recovered:
      logger.info("zone \(apex) is current again")
      problems[key] = nil
      if isPolicy {
        await policyManager.noteExpired(apex, false)
        return await updateResponsePolicy()
      }
      transfers.noteExpired(apex, false)
      reloadZones()
    }
  }

  /// Puts a new copy of a policy zone in force.
  private func takePolicyZone(_ apex: Name) async {
    await policyManager.noteTransfer(apex)
    await updateResponsePolicy()
  }

  /// Makes the keeper of copies; it tells `supervisor` what goes on.
  ///
  /// - Parameter isPolicy: whether a zone is a policy zone. Those are not checked as zones to be
  ///   served: what is wrong with single rules costs those rules.
  static func makeSecondaries(
    gate: NotifyGate, isPolicy: @escaping @Sendable (Name) async -> Bool,
    _ tell: @escaping SecondaryZones.Listener
  ) -> SecondaryZones {
    SecondaryZones(
      gate: gate, clock: TransferClock(now: UTCClock.seconds),
      check: { apex, path in
        await isPolicy(apex) ? nil : await Self.problem(with: path, of: apex)
      }, listener: tell)
  }

  /// Loads a copy as it would be served, off the actors: a large zone takes seconds.
  @concurrent
  private static func problem(with path: String, of apex: Name) async -> String? {
    ZoneSet.problem(with: Zones.ZoneSource(name: apex, path: path, format: .records))
  }

  // MARK: - Status

  /// All zones, those without data included.
  func zoneStatuses() async -> [ZoneStatus] {
    let summaries = zones.summaries
    let policies = settings.policyCopies
    let copies = await secondaries.statuses.filter { !policies.contains($0.apex) }
    var result = summaries.map { summary in
      ZoneStatus(
        name: "\(summary.name)", serial: summary.serial, records: summary.recordCount)
    }
    for copy in copies {
      let index = summaries.firstIndex { $0.name == copy.apex }
      if let index {
        result[index].secondary = SecondaryZoneStatus(copy)
      } else {
        var status = ZoneStatus(name: "\(copy.apex)", serial: copy.serial ?? 0, records: 0)
        status.secondary = SecondaryZoneStatus(copy)
        result.append(status)
      }
    }
    return result
  }
}

extension Supervisor {
  /// All policy zones, with the state of those that are copies.
  func policyZoneStatuses() async -> [PolicyZoneStatus] {
    let copies = await secondaries.statuses
    return await policyManager.status.map { zone in
      var zone = zone
      let apex = try? Name(zone.name)
      guard let apex, settings.policyCopies.contains(apex),
        let copy = copies.first(where: { $0.apex == apex })
      else { return zone }
      let transfer = SecondaryZoneStatus(copy)
      zone.error = zone.error ?? transfer.problems.first
      zone.transfer = transfer
      return zone
    }
  }
}

extension SecondaryZoneStatus {
  fileprivate init(_ status: SecondaryStatus) {
    let date = { (seconds: Int64) in Date(timeIntervalSince1970: Double(seconds)) }
    let state =
      status.isExpired
      ? "expired"
      : status.serial == nil ? "waiting" : status.problems.isEmpty ? "current" : "failing"
    self.init(
      state: state, checked: status.checkedAt.map(date), nextCheck: date(status.nextCheck),
      expires: status.expiry.map(date), problems: status.problems)
  }
}
