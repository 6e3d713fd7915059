/// A set of types as NSEC and NSEC3 list them (RFC 4034 §4.1.2).
public struct TypeBitmap: Sendable, Hashable, CustomStringConvertible {
  /// The types, ascending.
  public let types: [RRType]

  /// Makes a set; order and repeats do not matter.
  public init(_ types: some Sequence<RRType>) {
    self.types = Set(types.map(\.rawValue)).sorted().map { RRType(rawValue: $0) }
  }

  /// Reads a bit map up to the end of `reader`.
  ///
  /// - Throws: `WireError` if windows are out of order, empty, or end with a zero octet.
  init(reading reader: inout WireReader) throws(WireError) {
    var found: [RRType] = []
    var previous = -1
    while reader.remaining > 0 {
      let start = reader.offset
      let window = Int(try reader.readUInt8())
      let bits = try reader.readString()
      guard window > previous, (1...32).contains(bits.count), bits.last != 0 else {
        throw WireError(.badValue, at: start)
      }
      previous = window
      for (index, octet) in bits.enumerated() {
        for bit in 0..<8 where octet & (0x80 >> bit) != 0 {
          found.append(RRType(rawValue: UInt16(window << 8 | index << 3 | bit)))
        }
      }
    }
    types = found
  }

  /// The bit map on the wire.
  var wire: [UInt8] {
    var result: [UInt8] = []
    var rest = types[...]
    while let first = rest.first {
      let window = first.rawValue >> 8
      var bits: [UInt8] = []
      while let type = rest.first, type.rawValue >> 8 == window {
        let low = Int(type.rawValue & 0xFF)
        bits += [UInt8](repeating: 0, count: max(0, low / 8 + 1 - bits.count))
        bits[low / 8] |= 0x80 >> UInt8(low % 8)
        rest.removeFirst()
      }
      result += [UInt8(window), UInt8(bits.count)] + bits
    }
    return result
  }

  /// What is shown to people.
  public var description: String { types.map(\.description).joined(separator: " ") }
}

/// The next name of a zone and the types at this one (RFC 4034 §4.1).
public struct NSEC: RDataFormat {
  /// The next owner in canonical order.
  public var next: Name
  /// The types that exist.
  public var types: TypeBitmap

  /// Makes an NSEC.
  public init(next: Name, types: TypeBitmap) {
    self.next = next
    self.types = types
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    next = try reader.readName()
    types = try TypeBitmap(reading: &reader)
  }

  /// The fields in wire order.
  public var fields: [RDataField] { [.name(next), .types(types)] }
}

/// Parameters of hashed denial (RFC 5155 §4.2).
public struct NSEC3PARAM: RDataFormat {
  /// Hash algorithm number; 1 is SHA-1.
  public var algorithm: UInt8
  /// Opt-out bit in NSEC3, otherwise 0.
  public var flags: UInt8
  /// Additional rounds of hashing.
  public var iterations: UInt16
  /// Up to 255 octets.
  public var salt: [UInt8]

  /// Makes a parameter set.
  public init(algorithm: UInt8, flags: UInt8, iterations: UInt16, salt: [UInt8]) {
    self.algorithm = algorithm
    self.flags = flags
    self.iterations = iterations
    self.salt = salt
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    algorithm = try reader.readUInt8()
    flags = try reader.readUInt8()
    iterations = try reader.readUInt16()
    salt = try reader.readString()
  }

  /// The fields in wire order.
  public var fields: [RDataField] {
    [.u8(algorithm), .u8(flags), .u16(iterations), .salt(salt)]
  }
}

/// The next hashed name of a zone and the types at this one (RFC 5155 §3.2).
public struct NSEC3: RDataFormat {
  /// How names are hashed.
  public var parameters: NSEC3PARAM
  /// Hash of the next owner.
  public var nextHash: [UInt8]
  /// The types that exist.
  public var types: TypeBitmap

  /// Makes an NSEC3.
  public init(parameters: NSEC3PARAM, nextHash: [UInt8], types: TypeBitmap) {
    self.parameters = parameters
    self.nextHash = nextHash
    self.types = types
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    parameters = try NSEC3PARAM(reading: &reader)
    let start = reader.offset
    nextHash = try reader.readString()
    guard !nextHash.isEmpty else { throw WireError(.badValue, at: start) }
    types = try TypeBitmap(reading: &reader)
  }

  /// The fields in wire order.
  public var fields: [RDataField] { parameters.fields + [.hash(nextHash), .types(types)] }
}
