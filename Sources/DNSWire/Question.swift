/// An entry of the question section (RFC 1035 §4.1.2).
package struct Question: Sendable, Hashable, CustomStringConvertible {
  /// The name asked for.
  package var name: Name
  /// The type asked for.
  package var type: RRType
  /// The class asked for.
  package var rrClass: RRClass

  /// Makes a question.
  package init(name: Name, type: RRType, rrClass: RRClass = .internet) {
    self.name = name
    self.type = type
    self.rrClass = rrClass
  }

  /// Reads a question and moves `reader` behind it.
  ///
  /// - Throws: `WireError` with the offset of the octet at fault.
  package init(reading reader: inout WireReader) throws(WireError) {
    name = try reader.readName()
    type = RRType(rawValue: try reader.readUInt16())
    rrClass = RRClass(rawValue: try reader.readUInt16())
  }

  /// Appends the question in wire form.
  package func write(to writer: inout CompressingWriter) {
    writer.appendCompressed(name)
    writer.append16(type.rawValue)
    writer.append16(rrClass.rawValue)
  }

  package var description: String { "\(name)\t\(rrClass)\t\(type)" }
}
