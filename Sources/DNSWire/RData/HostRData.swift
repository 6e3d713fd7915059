/// Start of a zone of authority (RFC 1035 §3.3.13).
public struct SOA: RDataFormat {
  /// Primary name server.
  public var primary: Name
  /// Mailbox of the person in charge, with a dot in place of the at sign.
  public var mailbox: Name
  /// Version of the zone (RFC 1982 arithmetic).
  public var serial: UInt32
  /// Seconds between refreshes by a secondary.
  public var refresh: UInt32
  /// Seconds until a failed refresh is tried again.
  public var retry: UInt32
  /// Seconds until a secondary that cannot refresh stops answering.
  public var expire: UInt32
  /// Seconds that absence may be remembered, at most (RFC 2308 §4).
  public var minimum: UInt32

  /// Makes a SOA; the timers are in seconds.
  public init(
    primary: Name, mailbox: Name, serial: UInt32, refresh: UInt32, retry: UInt32, expire: UInt32,
    minimum: UInt32
  ) {
    self.primary = primary
    self.mailbox = mailbox
    self.serial = serial
    self.refresh = refresh
    self.retry = retry
    self.expire = expire
    self.minimum = minimum
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    primary = try reader.readName()
    mailbox = try reader.readName()
    serial = try reader.readUInt32()
    refresh = try reader.readUInt32()
    retry = try reader.readUInt32()
    expire = try reader.readUInt32()
    minimum = try reader.readUInt32()
  }

  /// The fields in wire order.
  public var fields: [RDataField] {
    [
      .compressibleName(primary), .compressibleName(mailbox), .u32(serial), .u32(refresh),
      .u32(retry), .u32(expire), .u32(minimum),
    ]
  }
}

/// Hardware and system of a host (RFC 1035 §3.3.2), also the answer to ANY (RFC 8482 §4.2).
public struct HINFO: RDataFormat {
  /// The hardware, up to 255 octets.
  public var cpu: [UInt8]
  /// The operating system, up to 255 octets.
  public var os: [UInt8]

  /// Makes a HINFO.
  public init(cpu: [UInt8], os: [UInt8]) {
    self.cpu = cpu
    self.os = os
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    cpu = try reader.readString()
    os = try reader.readString()
  }

  /// The fields in wire order.
  public var fields: [RDataField] { [.string(cpu), .string(os)] }
}

/// Descriptive text: one or more strings (RFC 1035 §3.3.14).
public struct TXT: RDataFormat {
  /// The strings, up to 255 octets each.
  public var strings: [[UInt8]]

  /// Makes a TXT of `strings`, each up to 255 octets.
  public init(strings: [[UInt8]]) { self.strings = strings }

  /// Makes a TXT of a text of any length, cut every 255 octets.
  public init(_ text: String) {
    let octets = Array(text.utf8)
    strings = stride(from: 0, to: max(1, octets.count), by: 255).map {
      Array(octets[$0..<min($0 + 255, octets.count)])
    }
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    strings = [try reader.readString()]
    while reader.remaining > 0 { strings.append(try reader.readString()) }
  }

  /// The fields in wire order.
  public var fields: [RDataField] { strings.map { .string($0) } }
}
