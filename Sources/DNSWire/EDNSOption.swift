/// An EDNS option (RFC 6891 §6.1.2), typed where Ponor knows it.
public enum EDNSOption: Sendable, Hashable {
  /// Identifier of a name server; empty in a query (RFC 5001).
  case nsid([UInt8])
  /// Part of the client's address (RFC 7871).
  case clientSubnet(ClientSubnet)
  /// Eight octets of the client, and in answers 8 to 32 of the server (RFC 7873).
  case cookie(client: [UInt8], server: [UInt8])
  /// Idle timeout in units of 100 ms; nil in a query (RFC 7828).
  case tcpKeepalive(UInt16?)
  /// This many octets of padding (RFC 7830).
  case padding(Int)
  /// Why an answer is as it is (RFC 8914).
  case extendedError(code: UInt16, text: [UInt8])
  /// Any other option.
  case unknown(code: UInt16, data: [UInt8])

  /// The option code.
  public var code: UInt16 {
    switch self {
    case .nsid: EDNSOptionCode.nsid
    case .clientSubnet: EDNSOptionCode.clientSubnet
    case .cookie: EDNSOptionCode.cookie
    case .tcpKeepalive: EDNSOptionCode.tcpKeepalive
    case .padding: EDNSOptionCode.padding
    case .extendedError: EDNSOptionCode.extendedError
    case .unknown(let code, _): code
    }
  }

  /// Reads the data of option `code`; `reader` ends with it.
  ///
  /// - Throws: `WireError` if the data does not have the form its option asks for.
  public init(code: UInt16, reading reader: inout WireReader) throws(WireError) {
    let start = reader.offset
    switch code {
    case EDNSOptionCode.nsid: self = .nsid(try reader.readRest())
    case EDNSOptionCode.clientSubnet: self = .clientSubnet(try ClientSubnet(reading: &reader))
    case EDNSOptionCode.cookie:
      guard reader.remaining == 8 || (16...40).contains(reader.remaining) else {
        throw WireError(.badValue, at: start)
      }
      self = .cookie(client: try reader.readBytes(8), server: try reader.readRest())
    case EDNSOptionCode.tcpKeepalive:
      self = .tcpKeepalive(reader.remaining == 0 ? nil : try reader.readUInt16())
    case EDNSOptionCode.padding: self = .padding(try reader.readRest().count)
    case EDNSOptionCode.extendedError:
      self = .extendedError(code: try reader.readUInt16(), text: try reader.readRest())
    default: self = .unknown(code: code, data: try reader.readRest())
    }
    guard reader.remaining == 0 else { throw WireError(.trailingOctets, at: reader.offset) }
  }

  /// Appends code, length and data.
  public func write(to writer: inout CompressingWriter) {
    writer.append16(code)
    writer.appendPrefixed { writer in
      switch self {
      case .nsid(let data), .unknown(_, let data): writer.append(data)
      case .clientSubnet(let subnet): subnet.write(to: &writer)
      case .cookie(let client, let server): writer.append(client + server)
      case .tcpKeepalive(let timeout): if let timeout { writer.append16(timeout) }
      case .padding(let count): writer.append(repeatElement(0, count: count))
      case .extendedError(let code, let text):
        writer.append16(code)
        writer.append(text)
      }
    }
  }
}

/// Part of a client's address, as a resolver passes it on (RFC 7871 §6).
public struct ClientSubnet: Sendable, Hashable {
  /// 1 for IPv4, 2 for IPv6.
  public var family: UInt16
  /// Bits of the address that are given.
  public var sourcePrefixLength: UInt8
  /// In an answer, the bits it depends on; 0 in a query.
  public var scopePrefixLength: UInt8
  /// The address, as many octets as the source prefix length needs.
  public var address: [UInt8]

  /// Makes an option; `address` must have as many octets as `sourcePrefixLength` needs.
  public init(
    family: UInt16, sourcePrefixLength: UInt8, scopePrefixLength: UInt8 = 0, address: [UInt8]
  ) {
    self.family = family
    self.sourcePrefixLength = sourcePrefixLength
    self.scopePrefixLength = scopePrefixLength
    self.address = address
  }

  /// Reads the option data; `reader` ends with it.
  ///
  /// - Throws: `WireError` unless address family, lengths and address fit each other and the bits
  ///   behind the prefix are zero, all of which RFC 7871 §7.1.2 wants refused.
  init(reading reader: inout WireReader) throws(WireError) {
    let start = reader.offset
    family = try reader.readUInt16()
    sourcePrefixLength = try reader.readUInt8()
    scopePrefixLength = try reader.readUInt8()
    address = try reader.readRest()
    let width: UInt8 = family == 1 ? 32 : 128
    let spareBits = (8 - sourcePrefixLength % 8) % 8
    guard (1...2).contains(family), sourcePrefixLength <= width, scopePrefixLength <= width,
      address.count == (Int(sourcePrefixLength) + 7) / 8,
      (address.last ?? 0) & (UInt8(1) << spareBits - 1) == 0
    else { throw WireError(.badValue, at: start) }
  }

  func write(to writer: inout CompressingWriter) {
    writer.append16(family)
    writer.append(sourcePrefixLength)
    writer.append(scopePrefixLength)
    writer.append(address)
  }
}
