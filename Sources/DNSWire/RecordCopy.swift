/// Copies records out of one message into another, whose compression pointers would not fit.
public enum RecordCopy {
  /// Appends the record that `reader` stands at, with all its names written in full.
  ///
  /// - Parameter name: storage for one name.
  /// - Throws: `WireError` when the record is damaged; part of it may have been written then.
  public static func append(
    from reader: inout WireReader, to writer: inout WireWriter, name: inout NameBuffer
  ) throws(WireError) {
    try appendName(&reader, &writer, &name)
    let type = try reader.readUInt16()
    writer.append16(type)
    writer.append16(try reader.readUInt16())
    writer.append32(try reader.readUInt32())
    let length = Int(try reader.readUInt16())
    let end = reader.offset + length
    guard end <= reader.bytes.count else { throw WireError(.truncated, at: reader.offset) }
    let lengthAt = writer.count
    writer.append16(0)
    for part in RDataLayout.parts(of: RRType(rawValue: type)) {
      switch part {
      case .octets(let count): try appendOctets(count, &reader, &writer)
      case .string:
        let count = try reader.readUInt8()
        writer.append(count)
        try appendOctets(Int(count), &reader, &writer)
      case .compressibleName, .plainName: try appendName(&reader, &writer, &name)
      case .rest: try appendOctets(end - reader.offset, &reader, &writer)
      }
    }
    guard reader.offset == end else { throw WireError(.badValue, at: end) }
    writer.patch16(UInt16(clamping: writer.count - lengthAt - 2), at: lengthAt)
  }

  private static func appendName(
    _ reader: inout WireReader, _ writer: inout WireWriter, _ name: inout NameBuffer
  ) throws(WireError) {
    let end = try name.load(from: reader.bytes, at: reader.offset, allowCompression: true)
    try reader.skip(end - reader.offset)
    writer.append(name.originalBytes)
  }

  private static func appendOctets(
    _ count: Int, _ reader: inout WireReader, _ writer: inout WireWriter
  ) throws(WireError) {
    let start = reader.offset
    try reader.skip(count)
    writer.append(reader.bytes.extracting(start..<(start + count)))
  }
}
