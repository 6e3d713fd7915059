package import DNSWire
package import ZoneRecords

extension NameCompressor {
  /// Appends a whole record; names in data are compressed where their type allows it and it pays
  /// (RFC 3597 §4: types of RFC 1035 only).
  mutating func append(_ record: ZoneRecord, to writer: inout WireWriter) {
    append(record.owner.span, to: &writer)
    writer.append16(record.type.rawValue)
    writer.append16(RRClass.internet.rawValue)
    writer.append32(record.ttl)
    let lengthAt = writer.count
    writer.append16(0)
    appendData(record, to: &writer)
    guard !writer.overflowed else { return }
    writer.patch16(UInt16(truncatingIfNeeded: writer.count - lengthAt - 2), at: lengthAt)
  }

  private mutating func appendData(_ record: ZoneRecord, to writer: inout WireWriter) {
    let rdata = record.rdata.span
    switch record.type {
    case .ns, .cname, .ptr:
      appendNames(1, from: 0, of: rdata, to: &writer)
    case .mx where rdata.count > 2:
      writer.append(rdata.extracting(0..<2))
      appendNames(1, from: 2, of: rdata, to: &writer)
    case .soa:
      appendNames(2, from: 0, of: rdata, to: &writer)
    default:
      writer.append(rdata)
    }
  }

  /// Appends names and whatever stands behind them; data that does not hold them goes as it is.
  private mutating func appendNames(
    _ count: Int, from start: Int, of rdata: Span<UInt8>, to writer: inout WireWriter
  ) {
    var position = start
    for _ in 0..<count {
      guard let end = Self.endOfName(rdata, from: position) else { break }
      append(rdata.extracting(position..<end), to: &writer)
      position = end
    }
    writer.append(rdata.extracting(position..<rdata.count))
  }

  private static func endOfName(_ octets: Span<UInt8>, from start: Int) -> Int? {
    var position = start
    while position < octets.count {
      let length = Int(octets[position])
      guard length <= Limits.labelOctets else { return nil }
      position += 1 + length
      guard position - start <= Limits.nameOctets else { return nil }
      if length == 0 { return position }
    }
    return nil
  }
}

extension ZoneRecord {
  /// Appends the record in wire form, with no name in it compressed.
  package func append(to writer: inout WireWriter) {
    writer.append(owner)
    writer.append16(type.rawValue)
    writer.append16(RRClass.internet.rawValue)
    writer.append32(ttl)
    writer.append16(UInt16(clamping: rdata.count))
    writer.append(rdata)
  }
}
