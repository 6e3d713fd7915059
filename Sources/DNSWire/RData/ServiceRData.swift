/// Mail exchange (RFC 1035 §3.3.9).
public struct MX: RDataFormat {
  /// Lower is tried first.
  public var preference: UInt16
  /// The host that takes mail.
  public var exchange: Name

  /// Makes an MX.
  public init(preference: UInt16, exchange: Name) {
    self.preference = preference
    self.exchange = exchange
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    preference = try reader.readUInt16()
    exchange = try reader.readName()
  }

  /// The fields in wire order.
  public var fields: [RDataField] { [.u16(preference), .compressibleName(exchange)] }
}

/// Location of a service (RFC 2782).
public struct SRV: RDataFormat {
  /// Lower is tried first.
  public var priority: UInt16
  /// Share among equal priorities.
  public var weight: UInt16
  /// The port.
  public var port: UInt16
  /// The host, `.` if the service is not offered.
  public var target: Name

  /// Makes an SRV.
  public init(priority: UInt16, weight: UInt16, port: UInt16, target: Name) {
    self.priority = priority
    self.weight = weight
    self.port = port
    self.target = target
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    priority = try reader.readUInt16()
    weight = try reader.readUInt16()
    port = try reader.readUInt16()
    target = try reader.readName()
  }

  /// The fields in wire order.
  public var fields: [RDataField] { [.u16(priority), .u16(weight), .u16(port), .name(target)] }
}

/// Naming authority pointer (RFC 3403 §4.1).
public struct NAPTR: RDataFormat {
  /// Lower is processed first.
  public var order: UInt16
  /// Lower is preferred among equal orders.
  public var preference: UInt16
  /// How the rule goes on.
  public var flags: [UInt8]
  /// The services offered.
  public var services: [UInt8]
  /// Substitution expression.
  public var expression: [UInt8]
  /// The next name, if the expression is empty.
  public var replacement: Name

  /// Makes a NAPTR; the strings hold up to 255 octets.
  public init(
    order: UInt16, preference: UInt16, flags: [UInt8], services: [UInt8], expression: [UInt8],
    replacement: Name
  ) {
    self.order = order
    self.preference = preference
    self.flags = flags
    self.services = services
    self.expression = expression
    self.replacement = replacement
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    order = try reader.readUInt16()
    preference = try reader.readUInt16()
    flags = try reader.readString()
    services = try reader.readString()
    expression = try reader.readString()
    replacement = try reader.readName()
  }

  /// The fields in wire order.
  public var fields: [RDataField] {
    [
      .u16(order), .u16(preference), .string(flags), .string(services), .string(expression),
      .name(replacement),
    ]
  }
}
