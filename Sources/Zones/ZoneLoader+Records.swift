import DNSWire
import ZoneRecords

/// Zones that come from transfers.
extension ZoneLoader {
  /// Loads the copy of a transferred zone; no zone and no error while there is none.
  static func loadRecords(_ source: ZoneSource) -> Result {
    var result = Result(zone: nil, stamps: [], errors: [])
    guard FileStamp(path: source.path).identity != nil else { return result }
    var builder = ZoneBuilder(apex: source.name)
    do {
      let file = try RecordFile(path: source.path, apex: source.name)
      try add(file.soa, to: &builder)
      var cursor = try file.makeCursor()
      var record = ZoneRecord()
      while try cursor.next(&record) { try add(record, to: &builder) }
    } catch let fault as MasterFileFault {
      result.errors = [error(source, source.path, fault)]
      return result
    } catch {
      let fault = MasterFileFault(problem: "\(error)", advice: "it is transferred again")
      result.errors = [Self.error(source, source.path, fault)]
      return result
    }
    var compiler = ZoneCompiler(builder)
    if let zone = compiler.compile() { result.zone = LoadedZone(zone) }
    result.errors = compiler.faults.map { error(source, source.path, $0.fault) }
    return result
  }

  private static func add(_ record: ZoneRecord, to builder: inout ZoneBuilder) throws {
    let parsed = ParsedRecord(
      owner: try Name(wire: record.owner), type: record.type, ttl: record.ttl,
      rdata: record.rdata)
    try builder.add(parsed, at: MasterFileParser.Position(file: 0, line: 0))
  }

  /// Holds the place of a zone without data, so that its names go neither to recursion nor to a
  /// zone above it.
  static func placeholder(_ apex: Name) -> LoadedZone? {
    var builder = ZoneBuilder(apex: apex)
    let soa = ParsedRecord(
      owner: apex, type: .soa, ttl: 0, rdata: [UInt8](repeating: 0, count: 22))
    guard (try? builder.add(soa, at: MasterFileParser.Position(file: 0, line: 0))) != nil else {
      return nil
    }
    var compiler = ZoneCompiler(builder)
    guard let zone = compiler.compile() else { return nil }
    return LoadedZone(zone, isUnavailable: true)
  }
}
