/// Certificate association for TLS (RFC 6698 §2.1).
public struct TLSA: RDataFormat {
  /// Certificate usage.
  public var usage: UInt8
  /// Which part of the certificate.
  public var selector: UInt8
  /// How it is matched.
  public var matching: UInt8
  /// The data to match.
  public var data: [UInt8]

  /// Makes a TLSA.
  public init(usage: UInt8, selector: UInt8, matching: UInt8, data: [UInt8]) {
    self.usage = usage
    self.selector = selector
    self.matching = matching
    self.data = data
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    usage = try reader.readUInt8()
    selector = try reader.readUInt8()
    matching = try reader.readUInt8()
    data = try reader.readRest()
  }

  /// The fields in wire order.
  public var fields: [RDataField] {
    [.u8(usage), .u8(selector), .u8(matching), .hexadecimal(data)]
  }
}

/// Fingerprint of an SSH host key (RFC 4255 §3.1).
public struct SSHFP: RDataFormat {
  /// Key algorithm number.
  public var algorithm: UInt8
  /// Digest number.
  public var digestType: UInt8
  /// The fingerprint.
  public var fingerprint: [UInt8]

  /// Makes an SSHFP.
  public init(algorithm: UInt8, digestType: UInt8, fingerprint: [UInt8]) {
    self.algorithm = algorithm
    self.digestType = digestType
    self.fingerprint = fingerprint
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    algorithm = try reader.readUInt8()
    digestType = try reader.readUInt8()
    fingerprint = try reader.readRest()
  }

  /// The fields in wire order.
  public var fields: [RDataField] {
    [.u8(algorithm), .u8(digestType), .hexadecimal(fingerprint)]
  }
}

/// Certification authority authorisation (RFC 8659 §4.1).
public struct CAA: RDataFormat {
  /// 128 if an issuer must understand the tag.
  public var flags: UInt8
  /// Such as `issue`: 1 to 255 ASCII letters and digits.
  public var tag: [UInt8]
  /// What the tag says.
  public var value: [UInt8]

  /// Makes a CAA.
  public init(flags: UInt8, tag: [UInt8], value: [UInt8]) {
    self.flags = flags
    self.tag = tag
    self.value = value
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    flags = try reader.readUInt8()
    let start = reader.offset
    tag = try reader.readString()
    guard !tag.isEmpty, tag.allSatisfy(\.isASCIILetterOrDigit) else {
      throw WireError(.badValue, at: start)
    }
    value = try reader.readRest()
  }

  /// The fields in wire order.
  public var fields: [RDataField] { [.u8(flags), .tag(tag), .text(value)] }
}

extension UInt8 {
  fileprivate var isASCIILetterOrDigit: Bool {
    (0x30...0x39).contains(self) || (0x61...0x7A).contains(asciiLowercased)
  }
}
