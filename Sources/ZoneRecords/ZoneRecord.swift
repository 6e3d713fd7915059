public import DNSWire

/// One record of class IN on its way between zones, files and transfers.
///
/// The arrays are kept between records when one value is filled again and again, so that walking
/// millions of records allocates next to nothing.
public struct ZoneRecord: Sendable, Hashable {
  /// The owner in uncompressed wire form, root label included.
  public var owner: [UInt8]
  /// The type.
  public var type: RRType
  /// Seconds it may be remembered.
  public var ttl: UInt32
  /// The data, with all names in it uncompressed; at most 65,535 octets.
  public var rdata: [UInt8]

  /// Makes a record; `owner` must be one whole name.
  public init(
    owner: [UInt8] = [0], type: RRType = RRType(rawValue: 0), ttl: UInt32 = 0, rdata: [UInt8] = []
  ) {
    self.owner = owner
    self.type = type
    self.ttl = ttl
    self.rdata = rdata
  }

  /// The serial number, if this is a well-formed SOA record (RFC 1035 §3.3.13).
  public var serial: UInt32? { soa?.serial }

  /// The numbers of a SOA record, nil for any other type or if the data is damaged.
  public var soa: SOANumbers? {
    guard type == .soa else { return nil }
    return SOANumbers(rdata: rdata)
  }
}

/// The five numbers at the end of a SOA record's data (RFC 1035 §3.3.13); times in seconds.
public struct SOANumbers: Sendable, Hashable {
  /// Version of the zone.
  public var serial: UInt32
  /// How often a secondary looks for a new version.
  public var refresh: UInt32
  /// How soon it looks again when that failed.
  public var retry: UInt32
  /// How long it serves without having reached a primary.
  public var expire: UInt32
  /// TTL of negative answers (RFC 2308 §4).
  public var minimum: UInt32

  /// Reads the end of SOA data; nil if the data is not two names and 20 octets.
  public init?(rdata: [UInt8]) {
    var reader = WireReader(rdata.span)
    do throws(WireError) {
      _ = try reader.readName()
      _ = try reader.readName()
      guard reader.remaining == 20 else { return nil }
      serial = try reader.readUInt32()
      refresh = try reader.readUInt32()
      retry = try reader.readUInt32()
      expire = try reader.readUInt32()
      minimum = try reader.readUInt32()
    } catch {
      return nil
    }
  }
}
