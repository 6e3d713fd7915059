/// A bounds-checked cursor over octets in network byte order.
///
/// Every read either returns a value and moves on, or throws and stays where it was.
public struct WireReader: ~Escapable {
  /// The octets being read.
  public let bytes: Span<UInt8>
  /// Where the next read starts, 0 … `bytes.count`.
  public private(set) var offset: Int

  /// Creates a cursor over `bytes`, standing at `offset` (clamped to the end).
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>, at offset: Int = 0) {
    self.bytes = bytes
    self.offset = min(max(offset, 0), bytes.count)
  }

  /// Octets left.
  public var remaining: Int { bytes.count - offset }

  /// Reads one octet.
  @_lifetime(self: copy self)
  public mutating func readUInt8() throws(WireError) -> UInt8 {
    guard remaining >= 1 else { throw WireError(.truncated, at: offset) }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// Reads 16 bits, big-endian.
  @_lifetime(self: copy self)
  public mutating func readUInt16() throws(WireError) -> UInt16 {
    guard remaining >= 2 else { throw WireError(.truncated, at: offset) }
    defer { offset += 2 }
    return UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
  }

  /// Reads 32 bits, big-endian.
  @_lifetime(self: copy self)
  public mutating func readUInt32() throws(WireError) -> UInt32 {
    guard remaining >= 4 else { throw WireError(.truncated, at: offset) }
    let high = try readUInt16()
    let low = try readUInt16()
    return UInt32(high) << 16 | UInt32(low)
  }

  /// Reads `count` octets into an array.
  @_lifetime(self: copy self)
  public mutating func readBytes(_ count: Int) throws(WireError) -> [UInt8] {
    guard count >= 0, remaining >= count else { throw WireError(.truncated, at: offset) }
    defer { offset += count }
    var result: [UInt8] = []
    result.reserveCapacity(count)
    for index in offset..<offset + count { result.append(bytes[index]) }
    return result
  }

  /// Moves on by `count` octets.
  @_lifetime(self: copy self)
  public mutating func skip(_ count: Int) throws(WireError) {
    guard count >= 0, remaining >= count else { throw WireError(.truncated, at: offset) }
    offset += count
  }

  /// Moves on past a name, compressed or not, without expanding it; stays where it is on an error.
  @_lifetime(self: copy self)
  public mutating func skipName() throws(WireError) {
    let start = offset
    do throws(WireError) {
      try skipLabels()
    } catch {
      offset = start
      throw error
    }
  }

  @_lifetime(self: copy self)
  private mutating func skipLabels() throws(WireError) {
    let start = offset
    while true {
      let length = try readUInt8()
      if length == 0 { return }
      if length >= 0xC0 { return try skip(1) }
      guard length < 0x40 else { throw WireError(.reservedLabelType, at: offset - 1) }
      try skip(Int(length))
      guard offset - start < Limits.nameOctets else { throw WireError(.nameTooLong, at: start) }
    }
  }

  /// Reads a name and follows its compression pointers, each of which must point backwards.
  ///
  /// - Throws: `WireError` with the offset of the octet at fault.
  @_lifetime(self: copy self)
  public mutating func readName() throws(WireError) -> Name {
    var expanded = NameBuffer()
    let end = try expanded.load(from: bytes, at: offset, allowCompression: true)
    offset = end
    return Name(expanded)
  }
}
