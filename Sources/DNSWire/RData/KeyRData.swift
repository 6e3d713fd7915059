/// Delegation signer (RFC 4034 §5.1).
package struct DS: RDataFormat {
  /// Tag of the key it stands for.
  package var keyTag: UInt16
  /// DNSSEC algorithm number.
  package var algorithm: UInt8
  /// Digest algorithm number.
  package var digestType: UInt8
  /// The digest.
  package var digest: [UInt8]

  /// Makes a DS.
  package init(keyTag: UInt16, algorithm: UInt8, digestType: UInt8, digest: [UInt8]) {
    self.keyTag = keyTag
    self.algorithm = algorithm
    self.digestType = digestType
    self.digest = digest
  }

  package init(reading reader: inout WireReader) throws(WireError) {
    keyTag = try reader.readUInt16()
    algorithm = try reader.readUInt8()
    digestType = try reader.readUInt8()
    digest = try reader.readRest()
  }

  package var fields: [RDataField] {
    [.u16(keyTag), .u8(algorithm), .u8(digestType), .hexadecimal(digest)]
  }
}

/// Zone key (RFC 4034 §2.1).
package struct DNSKEY: RDataFormat {
  /// Zone key, secure entry point and revoked bits.
  package var flags: UInt16
  /// Always 3.
  package var keyProtocol: UInt8
  /// DNSSEC algorithm number.
  package var algorithm: UInt8
  /// The key as the algorithm defines it.
  package var key: [UInt8]

  /// Makes a DNSKEY.
  package init(flags: UInt16, keyProtocol: UInt8 = 3, algorithm: UInt8, key: [UInt8]) {
    self.flags = flags
    self.keyProtocol = keyProtocol
    self.algorithm = algorithm
    self.key = key
  }

  package init(reading reader: inout WireReader) throws(WireError) {
    flags = try reader.readUInt16()
    keyProtocol = try reader.readUInt8()
    algorithm = try reader.readUInt8()
    key = try reader.readRest()
  }

  package var fields: [RDataField] {
    [.u16(flags), .u8(keyProtocol), .u8(algorithm), .base64(key)]
  }
}

/// Signature over an RRset (RFC 4034 §3.1).
package struct RRSIG: RDataFormat {
  /// Type of the signed records.
  package var typeCovered: RRType
  /// DNSSEC algorithm number.
  package var algorithm: UInt8
  /// Labels of the owner, without a wildcard.
  package var labels: UInt8
  /// TTL of the records in their zone, in seconds.
  package var originalTTL: UInt32
  /// End of validity, seconds since 1970.
  package var expiration: UInt32
  /// Start of validity, seconds since 1970.
  package var inception: UInt32
  /// Tag of the key.
  package var keyTag: UInt16
  /// Zone of the key.
  package var signer: Name
  /// The signature.
  package var signature: [UInt8]

  /// Makes an RRSIG; times are seconds since 1970.
  package init(
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

  package init(reading reader: inout WireReader) throws(WireError) {
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

  package var fields: [RDataField] {
    [
      .type(typeCovered), .u8(algorithm), .u8(labels), .u32(originalTTL), .time(expiration),
      .time(inception), .u16(keyTag), .name(signer), .base64(signature),
    ]
  }
}
