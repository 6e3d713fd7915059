/// An entry of the question section (RFC 1035 §4.1.2).
public struct Question: Sendable, Hashable, CustomStringConvertible {
  /// The name asked for.
  public var name: Name
  /// The type asked for.
  public var type: RRType
  /// The class asked for.
  public var rrClass: RRClass

  /// Makes a question.
  public init(name: Name, type: RRType, rrClass: RRClass = .internet) {
    self.name = name
    self.type = type
    self.rrClass = rrClass
  }

  /// Reads a question and moves `reader` behind it.
  ///
  /// - Throws: `WireError` with the offset of the octet at fault.
  public init(reading reader: inout WireReader) throws(WireError) {
    name = try reader.readName()
    type = RRType(rawValue: try reader.readUInt16())
    rrClass = RRClass(rawValue: try reader.readUInt16())
  }

  /// Appends the question in wire form.
  public func write(to writer: inout CompressingWriter) {
    writer.appendCompressed(name)
    writer.append16(type.rawValue)
    writer.append16(rrClass.rawValue)
  }

  /// What is shown to people.
  public var description: String { "\(name)\t\(rrClass)\t\(type)" }
}
