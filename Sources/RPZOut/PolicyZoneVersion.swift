package import DNSWire
package import DomainIndex
package import ZoneRecords

/// One version of a policy zone: a list of names, and which of them it holds with which records.
///
/// It keeps no records; they are made from the mapped list when somebody asks for them.
package final class PolicyZoneVersion: Sendable {
  /// Serial number.
  package let serial: UInt32
  /// The names of the index generation it was made from.
  package let list: NameList
  /// How the zone is written.
  package let form: PolicyZoneForm
  /// Unix time at which the names must be valid; nil for all names of the list.
  package let asOf: Int64?
  /// What is done with each generator of the list.
  let treatments: [Treatment]
  /// What is done with each row of the list.
  let rowTreatments: [Treatment]
  /// Records that came and went since the version before.
  package let changes: Int

  /// Seconds after `asOf` in which names that become valid are listed already, so that secondaries
  /// have them in time.
  package static let lead: Int64 = 7_200

  init(
    serial: UInt32, list: NameList, form: PolicyZoneForm, treatments: [Treatment], asOf: Int64?,
    changes: Int = 0
  ) {
    self.serial = serial
    self.list = list
    self.form = form
    self.treatments = treatments
    self.asOf = asOf
    self.changes = changes
    rowTreatments = (0..<list.rowCount).map { number in
      let row = list.row(number)
      if let asOf, row.validTo <= asOf || row.validFrom >= asOf + Self.lead { return .absent }
      return row.generator < treatments.count ? treatments[row.generator] : .absent
    }
  }

  /// The same names under another number.
  func renumbered(_ serial: UInt32, changes: Int) -> PolicyZoneVersion {
    PolicyZoneVersion(
      serial: serial, list: list, form: form, treatments: treatments, asOf: asOf, changes: changes)
  }

  /// Whether the other version's records can be told apart from this one's by name alone.
  func isComparable(with other: PolicyZoneVersion) -> Bool { form == other.form }

  /// What is done with a name that belongs to these rows.
  func treatment(_ rows: [UInt32]) -> Treatment {
    var strictest = Treatment.absent
    for row in rows where row < rowTreatments.count {
      strictest = max(strictest, rowTreatments[Int(row)])
    }
    return strictest
  }
}

/// The newest version of a policy zone, with the ones before it that differences can start from.
package struct PolicyZoneContent: ZoneContent {
  /// The newest version.
  package let version: PolicyZoneVersion
  /// The versions before it, oldest first; all of one form.
  package let older: [PolicyZoneVersion]
  /// Records of the newest version, SOA and NS included.
  package let recordCount: Int

  package var apex: Name { version.form.apex }
  package var soa: ZoneRecord { version.form.soa(serial: version.serial) }

  package func makeCursor() throws -> any RecordCursor { PolicyZoneCursor(version) }

  /// One step from the version with `serial` to this one, made by comparing the two lists.
  ///
  /// When more changed since than the zone holds, the whole zone is less to send.
  package func differences(since serial: UInt32) -> [any ZoneDifference]? {
    guard let start = older.lastIndex(where: { $0.serial == serial }) else { return nil }
    let changes = (older[start...].dropFirst() + [version]).reduce(0) { $0 + $1.changes }
    guard changes <= recordCount else { return nil }
    return [PolicyZoneDifference(from: older[start], to: version)]
  }
}

/// The step between two versions of one form.
struct PolicyZoneDifference: ZoneDifference {
  let from: PolicyZoneVersion
  let to: PolicyZoneVersion

  var oldSOA: ZoneRecord { from.form.soa(serial: from.serial) }
  var newSOA: ZoneRecord { to.form.soa(serial: to.serial) }
  func makeDeletions() -> any RecordCursor { PolicyDifferenceCursor(in: from, notIn: to) }
  func makeAdditions() -> any RecordCursor { PolicyDifferenceCursor(in: to, notIn: from) }

  init(from: PolicyZoneVersion, to: PolicyZoneVersion) {
    self.from = from
    self.to = to
  }
}
