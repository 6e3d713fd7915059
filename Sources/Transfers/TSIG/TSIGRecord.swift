package import DNSWire

/// A TSIG record as it stands at the end of a message (RFC 8945 §4.2).
package struct TSIGRecord: Sendable, Equatable {
  /// Where it starts in the message.
  var start = 0
  /// Name of the key.
  package var keyName = Name.root
  /// Name of the algorithm.
  var algorithm = Name.root
  /// Seconds since 1970, 48 bits.
  var timeSigned: UInt64 = 0
  /// Seconds the clocks may differ.
  var fudge = TSIGRecord.fudge
  var mac: [UInt8] = []
  var originalID: UInt16 = 0
  package var error: UInt16 = 0
  var other: [UInt8] = []

  /// RFC 8945 §10: 300 seconds.
  package static let fudge: UInt16 = 300

  init() {}

  /// Finds the TSIG record of a message, nil if there is none.
  ///
  /// - Throws: `WireError` if the message is damaged or the record is not its last one (§5.1).
  package static func find(in message: Span<UInt8>) throws(WireError) -> TSIGRecord? {
    guard message.count >= Limits.headerOctets else { throw WireError(.truncated, at: 0) }
    let additional = Int(message.word(at: 10))
    guard additional > 0 else { return nil }
    var reader = WireReader(message, at: Limits.headerOctets)
    for _ in 0..<message.word(at: 4) {
      try reader.skipName()
      try reader.skip(4)
    }
    let records = Int(message.word(at: 6)) + Int(message.word(at: 8)) + additional
    for _ in 0..<records - 1 { _ = try Self.skipRecord(&reader) }
    let start = reader.offset
    guard try Self.skipRecord(&reader) == .tsig else { return nil }
    guard reader.remaining == 0 else { throw WireError(.trailingOctets, at: reader.offset) }
    return try TSIGRecord(in: message, at: start)
  }

  private static func skipRecord(_ reader: inout WireReader) throws(WireError) -> RRType {
    try reader.skipName()
    let type = RRType(rawValue: try reader.readUInt16())
    try reader.skip(6)
    try reader.skip(Int(reader.readUInt16()))
    return type
  }

  /// Reads the record that starts at `start` and ends with the message.
  init(in message: Span<UInt8>, at start: Int) throws(WireError) {
    var reader = WireReader(message, at: start)
    self.start = start
    keyName = try reader.readName()
    _ = try reader.readUInt16()
    // §4.2: class ANY, TTL 0.
    guard try reader.readUInt16() == 255, try reader.readUInt32() == 0 else {
      throw WireError(.badValue, at: start)
    }
    let length = Int(try reader.readUInt16())
    guard length == reader.remaining else { throw WireError(.trailingOctets, at: reader.offset) }
    algorithm = try reader.readName()
    timeSigned = UInt64(try reader.readUInt16()) << 32 | UInt64(try reader.readUInt32())
    fudge = try reader.readUInt16()
    mac = try reader.readBytes(Int(try reader.readUInt16()))
    originalID = try reader.readUInt16()
    error = try reader.readUInt16()
    other = try reader.readBytes(Int(try reader.readUInt16()))
    guard reader.remaining == 0 else { throw WireError(.trailingOctets, at: reader.offset) }
  }

  // MARK: - What is signed

  /// The variables of §4.3.3 that follow the message in a digest.
  var variables: [UInt8] {
    var octets = keyName.canonical
    octets += [0, 255, 0, 0, 0, 0] + algorithm.canonical + timers
    octets += Self.octets16(error) + Self.octets16(UInt16(clamping: other.count)) + other
    return octets
  }

  /// Time and fudge alone, which the later messages of a stream sign (§5.3.1).
  var timers: [UInt8] {
    (0..<6).map { UInt8(truncatingIfNeeded: timeSigned >> UInt64(40 - 8 * $0)) }
      + Self.octets16(fudge)
  }

  static func octets16(_ value: UInt16) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  /// Adds a message without its TSIG record to a digest, with the ID and count it had before the
  /// record was appended (§4.3.2).
  static func digest(
    _ message: Span<UInt8>, upTo end: Int, originalID: UInt16, into state: inout MACState
  ) {
    let additional = message.word(at: 10) &- 1
    state.update(octets16(originalID))
    state.update(message.extracting(2..<10))
    state.update(octets16(additional))
    state.update(message.extracting(Limits.headerOctets..<end))
  }

  // MARK: - Writing

  /// Appends the record to a message and counts it in the header.
  func append(to writer: inout WireWriter) {
    writer.append(keyName.wire)
    writer.append16(RRType.tsig.rawValue)
    writer.append16(255)
    writer.append32(0)
    let lengthAt = writer.count
    writer.append16(0)
    writer.append(algorithm.wire)
    writer.append(timers)
    writer.append16(UInt16(clamping: mac.count))
    writer.append(mac)
    writer.append16(originalID)
    writer.append16(error)
    writer.append16(UInt16(clamping: other.count))
    writer.append(other)
    guard !writer.overflowed else { return }
    writer.patch16(UInt16(clamping: writer.count - lengthAt - 2), at: lengthAt)
    writer.patch16(writer.peek16(at: 10) &+ 1, at: 10)
  }
}
