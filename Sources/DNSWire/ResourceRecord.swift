/// A resource record as a value (RFC 1035 §4.1.3).
public struct ResourceRecord: Sendable, Hashable, CustomStringConvertible {
  /// The name it belongs to.
  public var owner: Name
  /// Its class.
  public var rrClass: RRClass
  /// Seconds it may be remembered.
  public var ttl: UInt32
  /// Its type and data.
  public var rdata: RData

  /// Its type.
  public var type: RRType { rdata.type }

  /// Makes a record; `ttl` is in seconds.
  public init(owner: Name, rrClass: RRClass = .internet, ttl: UInt32, rdata: RData) {
    self.owner = owner
    self.rrClass = rrClass
    self.ttl = ttl
    self.rdata = rdata
  }

  /// Reads a record and moves `reader` behind it.
  ///
  /// - Throws: `WireError` with the offset of the octet at fault.
  public init(reading reader: inout WireReader) throws(WireError) {
    owner = try reader.readName()
    let type = try reader.readType()
    rrClass = RRClass(rawValue: try reader.readUInt16())
    ttl = try reader.readUInt32()
    let length = Int(try reader.readUInt16())
    let start = reader.offset
    try reader.skip(length)
    var inner = WireReader(reader.bytes.extracting(0..<(start + length)), at: start)
    rdata = try RData(type: type, reading: &inner)
  }

  /// Appends the record in wire form.
  public func write(to writer: inout CompressingWriter) {
    writer.appendCompressed(owner)
    writer.append16(type.rawValue)
    writer.append16(rrClass.rawValue)
    writer.append32(ttl)
    writer.appendPrefixed { rdata.write(to: &$0) }
  }

  /// Presentation format: owner, TTL, class, type and data, with tabs between.
  public var description: String { "\(owner)\t\(ttl)\t\(rrClass)\t\(type)\t\(rdata)" }
}
