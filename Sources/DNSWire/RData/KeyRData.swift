/// Delegation signer (RFC 4034 §5.1).
public struct DS: RDataFormat {
  /// Tag of the key it stands for.
  public var keyTag: UInt16
  /// DNSSEC algorithm number.
  public var algorithm: UInt8
  /// Digest algorithm number.
  public var digestType: UInt8
  /// The digest.
  public var digest: [UInt8]

  /// Makes a DS.
  public init(keyTag: UInt16, algorithm: UInt8, digestType: UInt8, digest: [UInt8]) {
    self.keyTag = keyTag
    self.algorithm = algorithm
    self.digestType = digestType
    self.digest = digest
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    keyTag = try reader.readUInt16()
    algorithm = try reader.readUInt8()
    digestType = try reader.readUInt8()
    digest = try reader.readRest()
  }

  /// The fields in wire order.
  public var fields: [RDataField] {
    [.u16(keyTag), .u8(algorithm), .u8(digestType), .hexadecimal(digest)]
  }
}

/// Zone key (RFC 4034 §2.1).
public struct DNSKEY: RDataFormat {
  /// Zone key, secure entry point and revoked bits.
  public var flags: UInt16
  /// Always 3.
  public var keyProtocol: UInt8
  /// DNSSEC algorithm number.
  public var algorithm: UInt8
  /// The key as the algorithm defines it.
  public var key: [UInt8]

  /// Makes a DNSKEY.
  public init(flags: UInt16, keyProtocol: UInt8 = 3, algorithm: UInt8, key: [UInt8]) {
    self.flags = flags
    self.keyProtocol = keyProtocol
    self.algorithm = algorithm
    self.key = key
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    flags = try reader.readUInt16()
    keyProtocol = try reader.readUInt8()
    algorithm = try reader.readUInt8()
    key = try reader.readRest()
  }

  /// The fields in wire order.
  public var fields: [RDataField] {
    [.u16(flags), .u8(keyProtocol), .u8(algorithm), .base64(key)]
  }
}

/// Signature over an RRset (RFC 4034 §3.1).
public struct RRSIG: RDataFormat {
  /// Type of the signed records.
  public var typeCovered: RRType
  /// DNSSEC algorithm number.
  public var algorithm: UInt8
  /// Labels of the owner, without a wildcard.
  public var labels: UInt8
  /// TTL of the records in their zone, in seconds.
  public var originalTTL: UInt32
  /// End of validity, seconds since 1970.
  public var expiration: UInt32
  /// Start of validity, seconds since 1970.
  public var inception: UInt32
  /// Tag of the key.
  public var keyTag: UInt16
  /// Zone of the key.
  public var signer: Name
  /// The signature.
  public var signature: [UInt8]

  /// Makes an RRSIG; times are seconds since 1970.
  public init(
    typeCovered: RRType, algorithm: UInt8, labels: UInt8, originalTTL: UInt32, expiration: UInt32,
    inception: UInt32, keyTag: UInt16, signer: Name, signature: [UInt8]
  ) {
    self.typeCovered = typeCovered
    self.algorithm = algorithm
    self.labels = labels
    self.originalTTL = originalTTL
    self.expiration = expiration
    self.inception = inception
    self.keyTag = keyTag
    self.signer = signer
    self.signature = signature
  }

  /// Reads the fields in wire order.
  public init(reading reader: inout WireReader) throws(WireError) {
    typeCovered = try reader.readType()
    algorithm = try reader.readUInt8()
    labels = try reader.readUInt8()
    originalTTL = try reader.readUInt32()
    expiration = try reader.readUInt32()
    inception = try reader.readUInt32()
    keyTag = try reader.readUInt16()
    signer = try reader.readName()
    signature = try reader.readRest()
  }

  /// The fields in wire order.
  public var fields: [RDataField] {
    [
      .type(typeCovered), .u8(algorithm), .u8(labels), .u32(originalTTL), .time(expiration),
      .time(inception), .u16(keyTag), .name(signer), .base64(signature),
    ]
  }
}
