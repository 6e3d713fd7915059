package import DNSWire
package import ZoneRecords

/// A loaded zone as a version that can be transferred.
package struct LoadedZoneContent: ZoneContent {
  private let zone: LoadedZone
  package let soa: ZoneRecord

  init(_ zone: LoadedZone) {
    self.zone = zone
    var cursor = LoadedZoneCursor(zone: zone, rrset: zone.data.soa)
    var record = ZoneRecord()
    _ = cursor.step(&record)
    soa = record
  }

  package var apex: Name { zone.data.apex }

  package func makeCursor() -> any RecordCursor { LoadedZoneCursor(zone: zone, rrset: 0) }

  /// Whether both are the same loaded data.
  package func isIdentical(to other: LoadedZoneContent) -> Bool { zone === other.zone }
}

/// Walks the records of a loaded zone, the SOA record left out.
struct LoadedZoneCursor: RecordCursor {
  private let zone: LoadedZone
  private var rrset: Int
  private var index = 0
  private var offset = 0

  init(zone: LoadedZone, rrset: Int) {
    self.zone = zone
    self.rrset = rrset
  }

  mutating func next(_ record: inout ZoneRecord) -> Bool {
    if rrset == zone.data.soa, index == 0 { rrset += 1 }
    return step(&record)
  }

  /// The next record, whatever it is.
  mutating func step(_ record: inout ZoneRecord) -> Bool {
    guard rrset < zone.data.rrsets.count else { return false }
    let set = zone.data.rrsets[rrset]
    if index == 0 {
      offset = Int(set.offset)
      let node = zone.data.nodes[Int(set.node)]
      let name = Int(node.name)..<Int(node.name) + Int(node.nameLength)
      record.owner.removeAll(keepingCapacity: true)
      record.owner.append(contentsOf: zone.data.octets[name])
      record.type = set.type
    }
    record.ttl = zone.data.octets.big32(at: offset)
    let start = offset + ZoneRRset.recordHeadOctets
    offset = start + Int(zone.data.octets.big16(at: offset + 4))
    record.rdata.removeAll(keepingCapacity: true)
    record.rdata.append(contentsOf: zone.data.octets[start..<offset])
    index += 1
    if index == Int(set.count) {
      rrset += 1
      index = 0
    }
    return true
  }
}

extension ZoneSet {
  /// The version of a zone that is served; nil if there is no such zone or none of its data.
  package func content(of apex: Name) -> LoadedZoneContent? {
    guard let zone = loadedZone(apex), !zone.isUnavailable else { return nil }
    return LoadedZoneContent(zone)
  }

  /// What is wrong with a zone's file, nil if it can be served.
  package static func problem(with source: ZoneSource) -> String? {
    let result = ZoneLoader.load(source)
    guard result.zone == nil else { return nil }
    return result.errors.first.map { "\($0.problem); \($0.advice)" } ?? "there is no file"
  }
}
