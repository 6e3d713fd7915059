import CLDNS
import DNSWire

/// One record as it stands in a master file, in wire form.
struct ParsedRecord {
  var owner: Name
  var type: RRType
  var ttl: UInt32
  /// Uncompressed rdata.
  var rdata: [UInt8]
}

/// Type and rdata of a record, from text.
struct ParsedRdata {
  var type: RRType
  var rdata: [UInt8]
}

/// Turns the type and rdata of a record from presentation into wire form, with libldns.
///
/// This is the one file of the target that touches libldns. Unsafe code is needed because its
/// records are C structures; each is freed before the call that made it returns.
@safe final class RdataParser {
  /// What relative names in rdata are relative to; owned.
  private var origin: UnsafeMutablePointer<ldns_rdf>?
  private var originWire: [UInt8] = []

  deinit {
    unsafe ldns_rdf_deep_free(origin)
  }

  /// Parses `TYPE RDATA`.
  ///
  /// - Throws: libldns' own words on what is wrong.
  func parse(_ text: ArraySlice<UInt8>, origin: Name) throws(MasterFileFault) -> ParsedRdata {
    try Self.checkType(text)
    setOrigin(origin.wire)
    // Owner, TTL and class were parsed before; libldns gets placeholders for them.
    let line = Array(". 0 IN ".utf8) + text + [0]
    var record: UnsafeMutablePointer<ldns_rr>?
    let status = unsafe line.withUnsafeBytes { bytes in
      unsafe ldns_rr_new_frm_str(
        &record, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), 0, self.origin, nil)
    }
    guard status == LDNS_STATUS_OK, let record = unsafe record else { throw Self.fault(status) }
    defer { unsafe ldns_rr_free(record) }
    let type = UInt16(truncatingIfNeeded: unsafe ldns_rr_get_type(record).rawValue)
    return ParsedRdata(type: RRType(rawValue: type), rdata: try unsafe Self.rdata(of: record))
  }

  /// Refuses a type that no record can have, before libldns complains of its data instead.
  private static func checkType(_ text: ArraySlice<UInt8>) throws(MasterFileFault) {
    let name = text.prefix { !LogicalLines.isBlank($0) }
    let type = unsafe (Array(name) + [0]).withUnsafeBytes { bytes in
      unsafe ldns_get_rr_type_by_name(bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
    }
    guard let number = UInt16(exactly: type.rawValue), !isMeta(number) else {
      throw MasterFileFault(
        problem: "unknown record type '\(MasterFileParser.quoted(name))'",
        advice: "check the spelling, or write it as TYPEnnn \\# (RFC 3597)")
    }
  }

  /// Type 0 (what libldns makes of an unknown name), OPT and the types that only questions and
  /// transactions have (RFC 6895 §3.1).
  private static func isMeta(_ type: UInt16) -> Bool {
    type == 0 || type == RRType.opt.rawValue || (128...255).contains(type)
  }

  private func setOrigin(_ wire: [UInt8]) {
    guard wire != originWire else { return }
    unsafe ldns_rdf_deep_free(origin)
    unsafe origin = wire.withUnsafeBytes { bytes in
      unsafe ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, bytes.count, bytes.baseAddress)
    }
    originWire = wire
  }

  private static func rdata(
    of record: UnsafeMutablePointer<ldns_rr>
  ) throws(MasterFileFault) -> [UInt8] {
    var octets: [UInt8] = []
    for index in 0..<(unsafe ldns_rr_rd_count(record)) {
      guard let field = unsafe ldns_rr_rdf(record, index) else { continue }
      let size = unsafe ldns_rdf_size(field)
      guard size > 0, let data = unsafe ldns_rdf_data(field) else { continue }
      unsafe octets.append(contentsOf: UnsafeBufferPointer(start: data, count: size))
    }
    guard octets.count <= Int(UInt16.max) else {
      throw MasterFileFault(
        problem: "record data longer than 65,535 octets", advice: "split the record")
    }
    return octets
  }

  private static func fault(_ status: ldns_status) -> MasterFileFault {
    let text = unsafe ldns_get_errorstr_by_id(status).map { unsafe String(cString: $0) }
    return MasterFileFault(
      problem: "cannot be parsed: \(text ?? "libldns status \(status.rawValue)")",
      advice: "correct the record (owner [TTL] [class] type data)")
  }
}
