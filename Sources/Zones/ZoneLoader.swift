import DNSWire

/// Reads, checks and compiles one zone.
enum ZoneLoader {
  /// What came of it; either a zone or errors.
  struct Result {
    var zone: LoadedZone?
    var stamps: [FileStamp]
    var errors: [ZoneLoadError]
  }

  /// Loads the zone of a source.
  static func load(_ source: ZoneSource) -> Result {
    if source.format == .records { return loadRecords(source) }
    var parser = MasterFileParser()
    var builder = ZoneBuilder(apex: source.name)
    parser.read(path: source.path, origin: source.name) {
      (record, position) throws(MasterFileFault) in
      try builder.add(record, at: position)
    }
    var result = Result(zone: nil, stamps: parser.stamps, errors: [])
    result.errors = parser.faults.map { error(source, $0.file, $0.fault) }
    guard result.errors.isEmpty else { return result }
    var compiler = ZoneCompiler(builder)
    if let zone = compiler.compile() { result.zone = LoadedZone(zone) }
    result.errors = compiler.faults.map { found in
      var fault = found.fault
      fault.line = found.position.map { Int($0.line) }
      let file = found.position.map { parser.stamps[Int($0.file)].path } ?? source.path
      return error(source, file, fault)
    }
    return result
  }

  static func error(
    _ source: ZoneSource, _ file: String, _ fault: MasterFileFault
  ) -> ZoneLoadError {
    ZoneLoadError(
      zone: source.name, file: file, line: fault.line, problem: fault.problem,
      advice: fault.advice)
  }
}
