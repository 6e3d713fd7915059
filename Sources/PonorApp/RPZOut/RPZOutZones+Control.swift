import ControlPlane
import DNSWire
import RPZOut
import Settings

/// What the control plane is told of the policy zones.
extension RPZOutZones {
  /// The zones in order of their names.
  var statuses: [RPZOutStatus] {
    entries.sorted { $0.key < $1.key }.map { name, entry in
      var status = RPZOutStatus(name: name)
      guard let newest = entry.zone.newest else { return status }
      status.serial = newest.version.serial
      status.records = newest.recordCount
      status.older = newest.older.count
      status.names = entry.outcome?.names ?? 0
      status.tooLong = entry.outcome?.tooLong ?? 0
      status.deleted = entry.outcome?.deleted
      status.added = entry.outcome?.added
      return status
    }
  }

  /// The master file of a zone that is offered over HTTP; `name` is that of the zone with `.rpz`.
  func download(_ name: String, settings: Settings) -> ControlDownload? {
    let suffix = ".rpz"
    guard name.hasSuffix(suffix) else { return nil }
    let zone = String(name.dropLast(suffix.count)).lowercased()
    guard settings.rpzOut.contains(where: { $0.name == zone && $0.http }),
      let version = entries[zone]?.zone.newest?.version
    else { return nil }
    // Names change with the serial number, everything else with the form.
    let tag = "\"\(version.serial)-\(version.form.fingerprint)\""
    return ControlDownload(tag: tag, type: "text/dns") {
      var text = PolicyZoneText(version)
      var hasMore = true
      return {
        guard hasMore else { return nil }
        var piece: [UInt8] = []
        hasMore = try text.append(to: &piece, atLeast: ControlDownload.piece)
        return piece
      }
    }
  }
}
