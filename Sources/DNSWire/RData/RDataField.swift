/// One field of rdata: how it is written on the wire and in presentation format.
///
/// A type lists its fields once, in wire order, and gets both forms from them.
public enum RDataField: Sendable, Hashable {
  /// An octet, written in decimal.
  case u8(UInt8)
  /// 16 bits, written in decimal.
  case u16(UInt16)
  /// 32 bits, written in decimal.
  case u32(UInt32)
  /// A type number, written as its mnemonic.
  case type(RRType)
  /// Seconds since 1970, written as `YYYYMMDDHHmmSS`.
  case time(UInt32)
  /// An IPv4 address.
  case ipv4(UInt32)
  /// An IPv6 address in 16 octets.
  case ipv6([UInt8])
  /// A name that may be compressed (RFC 3597 §4).
  case compressibleName(Name)
  /// A name that is never compressed.
  case name(Name)
  /// Up to 255 octets behind their length, in quotes.
  case string([UInt8])
  /// Up to 255 octets behind their length, without quotes.
  case tag([UInt8])
  /// Up to 255 octets behind their length, in hexadecimal, `-` when empty (RFC 5155 §3.3).
  case salt([UInt8])
  /// Up to 255 octets behind their length, in base32 (RFC 5155 §3.3).
  case hash([UInt8])
  /// Octets up to the end, in quotes.
  case text([UInt8])
  /// Octets up to the end, in hexadecimal.
  case hexadecimal([UInt8])
  /// Octets up to the end, in base64.
  case base64([UInt8])
  /// A type bit map up to the end (RFC 4034 §4.1.2).
  case types(TypeBitmap)
  /// A service parameter (RFC 9460 §2.2).
  case parameter(ServiceParameter)

  /// Appends the wire form.
  public func write(to writer: inout CompressingWriter) {
    switch self {
    case .u8(let value): writer.append(value)
    case .u16(let value): writer.append16(value)
    case .u32(let value), .time(let value), .ipv4(let value): writer.append32(value)
    case .type(let type): writer.append16(type.rawValue)
    case .compressibleName(let name): writer.appendCompressed(name)
    case .name(let name): writer.append(name.wire)
    case .string(let octets), .tag(let octets), .salt(let octets), .hash(let octets):
      writer.append(UInt8(clamping: octets.count))
      writer.append(octets.prefix(255))
    case .ipv6(let octets), .text(let octets), .hexadecimal(let octets), .base64(let octets):
      writer.append(octets)
    case .types(let bitmap): writer.append(bitmap.wire)
    case .parameter(let parameter):
      writer.append16(parameter.key.rawValue)
      writer.appendPrefixed { $0.append(parameter.value) }
    }
  }

  /// The presentation format; empty for an empty bit map or empty data.
  public var presentation: String {
    switch self {
    case .u8(let value): String(value)
    case .u16(let value): String(value)
    case .u32(let value): String(value)
    case .type(let type): type.description
    case .time(let value): PresentationText.timestamp(value)
    case .ipv4(let bits): PresentationText.ipv4(bits)
    case .ipv6(let octets): PresentationText.ipv6(octets)
    case .compressibleName(let name), .name(let name): name.description
    case .string(let octets), .text(let octets): PresentationText.quoted(octets)
    case .tag(let octets): PresentationText.escaped(octets)
    case .salt(let octets): octets.isEmpty ? "-" : PresentationText.hexadecimal(octets)
    case .hash(let octets): PresentationText.base32Hex(octets)
    case .hexadecimal(let octets): PresentationText.hexadecimal(octets)
    case .base64(let octets): PresentationText.base64(octets)
    case .types(let bitmap): bitmap.description
    case .parameter(let parameter): parameter.description
    }
  }
}

/// Rdata of one type as a value.
public protocol RDataFormat: Sendable, Hashable {
  /// Reads the rdata; `reader` ends where it does, and names may point anywhere before.
  ///
  /// - Throws: `WireError` with the offset of the octet at fault.
  init(reading reader: inout WireReader) throws(WireError)

  /// The fields in wire order.
  var fields: [RDataField] { get }
}

extension WireReader {
  /// Reads a length octet and as many octets (RFC 1035 §3.3).
  @_lifetime(self: copy self)
  public mutating func readString() throws(WireError) -> [UInt8] {
    guard remaining >= 1 else { throw WireError(.truncated, at: offset) }
    let length = Int(bytes[offset])
    guard remaining > length else { throw WireError(.truncated, at: offset) }
    try skip(1)
    return try readBytes(length)
  }

  /// Reads all octets left.
  @_lifetime(self: copy self)
  public mutating func readRest() throws(WireError) -> [UInt8] { try readBytes(remaining) }

  /// Reads a type number.
  @_lifetime(self: copy self)
  public mutating func readType() throws(WireError) -> RRType {
    RRType(rawValue: try readUInt16())
  }
}
