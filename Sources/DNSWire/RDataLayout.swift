/// Where domain names stand in the rdata of each type: all that is needed to copy a record.
///
/// Names in the types of RFC 1035 may be compressed when written; in later types they are only
/// decompressed when read (RFC 3597 §4). Types not listed hold no names and are copied as they are.
public enum RDataLayout {
  /// One piece of rdata, in wire order.
  enum Part: Sendable, Equatable {
    /// This many octets without a name.
    case octets(Int)
    /// A length octet and as many octets (RFC 1035 §3.3).
    case string
    /// A name that may be written compressed.
    case compressibleName
    /// A name that must be written in full.
    case plainName
    /// Everything up to the end, possibly nothing.
    case rest
  }

  /// The pieces of rdata of `type`; without a final `.rest`, nothing may follow them.
  static func parts(of type: RRType) -> [Part] {
    switch type.rawValue {
    case 1: [.octets(4)]  // A
    case 2, 3, 4, 5, 7, 8, 9, 12: [.compressibleName]  // NS MD MF CNAME MB MG MR PTR
    case 6: [.compressibleName, .compressibleName, .octets(20)]  // SOA
    case 14: [.compressibleName, .compressibleName]  // MINFO
    case 15: [.octets(2), .compressibleName]  // MX
    case 17: [.plainName, .plainName]  // RP
    case 18, 21, 36: [.octets(2), .plainName]  // AFSDB RT KX
    case 24, 46: [.octets(18), .plainName, .rest]  // SIG RRSIG
    case 26: [.octets(2), .plainName, .plainName]  // PX
    case 28: [.octets(16)]  // AAAA
    case 30, 47: [.plainName, .rest]  // NXT NSEC
    case 33: [.octets(6), .plainName]  // SRV
    case 35: [.octets(4), .string, .string, .string, .plainName]  // NAPTR
    case 39: [.plainName]  // DNAME
    case 64, 65: [.octets(2), .plainName, .rest]  // SVCB HTTPS
    default: [.rest]
    }
  }

  /// Copies rdata of `type` from `reader`, which ends with it, so that it can stand elsewhere.
  ///
  /// - Parameter compress: whether names may be compressed where their type allows it.
  static func copy(
    _ type: RRType, from reader: inout WireReader, to writer: inout CompressingWriter,
    compress: Bool
  ) throws(WireError) {
    for part in parts(of: type) {
      switch part {
      case .octets(let count): writer.append(try reader.readBytes(count))
      case .string:
        let count = try reader.readUInt8()
        writer.append(count)
        writer.append(try reader.readBytes(Int(count)))
      case .compressibleName where compress: writer.appendCompressed(try reader.readName())
      case .compressibleName, .plainName: writer.append(try reader.readName().wire)
      case .rest: writer.append(try reader.readBytes(reader.remaining))
      }
    }
    guard reader.remaining == 0 else { throw WireError(.trailingOctets, at: reader.offset) }
  }
}

// MARK: - Whole data, for zone transfers

extension RDataLayout {
  /// The rdata of `type` that stands at `start` of a message, with its names uncompressed.
  ///
  /// - Throws: `WireError` if it does not have the form of its type.
  public static func expanded(
    _ type: RRType, in message: Span<UInt8>, at start: Int, length: Int
  ) throws(WireError) -> [UInt8] {
    var reader = WireReader(message.extracting(0..<start + length), at: start)
    guard holdsNames(type) else { return try reader.readBytes(length) }
    var writer = CompressingWriter()
    try copy(type, from: &reader, to: &writer, compress: false)
    guard writer.count <= Int(UInt16.max) else { throw WireError(.badValue, at: start) }
    return writer.octets
  }

  /// Appends rdata with its names in lower case (RFC 4034 §6.2); damaged data as it is.
  public static func appendCanonical(
    _ type: RRType, _ rdata: [UInt8], to octets: inout [UInt8]
  ) {
    guard holdsNames(type) else { return octets.append(contentsOf: rdata) }
    let start = octets.count
    octets.append(contentsOf: rdata)
    var reader = WireReader(rdata.span)
    for part in parts(of: type) {
      do throws(WireError) {
        switch part {
        case .octets(let count): try reader.skip(count)
        case .string: try reader.skip(Int(try reader.readUInt8()))
        case .compressibleName, .plainName:
          let from = reader.offset
          try reader.skipName()
          for index in from..<reader.offset {
            octets[start + index] = octets[start + index].asciiLowercased
          }
        case .rest: return
        }
      } catch {
        return
      }
    }
  }

  private static func holdsNames(_ type: RRType) -> Bool {
    switch type.rawValue {
    case 2...9, 12, 14, 15, 17, 18, 21, 24, 26, 30, 33, 35, 36, 39, 46, 47, 64, 65: true
    default: false
    }
  }
}
