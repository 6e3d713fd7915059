/// A name of up to 255 octets in fixed storage: what the query path works on, without allocation.
///
/// It keeps the octets as they were sent (`original`), the lower-case form used for comparison
/// (`canonical`, RFC 4034 §6.2) and where each label starts, so that suffixes cost nothing.
public struct NameBuffer: Sendable {
  /// Octets as sent, uncompressed, with the root label.
  public private(set) var original = InlineArray<256, UInt8>(repeating: 0)
  /// Octets with A–Z folded to a–z.
  public private(set) var canonical = InlineArray<256, UInt8>(repeating: 0)
  /// Offset of the length octet of each label, the root label not counted.
  @usableFromInline var labelOffsets = InlineArray<128, UInt8>(repeating: 0)
  /// Octets used, with the root label; 0 before anything was loaded.
  public private(set) var count = 0
  /// Labels, the root label not counted.
  public private(set) var labelCount = 0

  /// Creates an empty buffer.
  public init() {}

  /// The canonical octets, root label included.
  @inlinable public var canonicalBytes: Span<UInt8> {
    @_lifetime(borrow self) get { canonical.span.extracting(0..<count) }
  }

  /// The octets as sent, root label included.
  @inlinable public var originalBytes: Span<UInt8> {
    @_lifetime(borrow self) get { original.span.extracting(0..<count) }
  }

  /// Where label `index` (0 = leftmost) starts; `labelCount` gives the root label.
  @inlinable public func labelOffset(_ index: Int) -> Int {
    index == labelCount ? count - 1 : Int(labelOffsets[index])
  }

  /// The first eight octets of the last label in lower case, as a number; 0 for the root.
  @inlinable public var lastLabelWord: UInt64 {
    guard labelCount > 0 else { return 0 }
    var word: UInt64 = 0
    let start = labelOffset(labelCount - 1) + 1
    // Through a span: a subscript of the array in a borrowed value copies all of the array.
    let octets = canonicalBytes
    for index in start..<min(count - 1, start + 8) { word = word << 8 | UInt64(octets[index]) }
    return word
  }

  /// Loads the name that starts at `start` of `message`.
  ///
  /// - Parameter allowCompression: whether compression pointers are followed; in a question none is
  ///   expected and none is allowed.
  /// - Returns: the offset just behind the name in `message`.
  /// - Throws: `WireError` at the octet at fault; the buffer is then empty.
  public mutating func load(
    from message: Span<UInt8>, at start: Int, allowCompression: Bool
  ) throws(WireError) -> Int {
    clear()
    do throws(WireError) {
      return try read(message, at: start, allowCompression: allowCompression)
    } catch {
      clear()
      throw error
    }
  }

  private mutating func read(
    _ message: Span<UInt8>, at start: Int, allowCompression: Bool
  ) throws(WireError) -> Int {
    if let end = readWhole(message, at: start) { return end }
    var position = start
    var end = -1
    var pointerLimit = start
    while true {
      guard position < message.count else { throw WireError(.truncated, at: position) }
      let length = Int(message[position])
      if length == 0 { break }
      if length >= 0xC0 {
        guard allowCompression else { throw WireError(.pointerNotAllowed, at: position) }
        guard position + 1 < message.count else { throw WireError(.truncated, at: position) }
        let target = (length & 0x3F) << 8 | Int(message[position + 1])
        // Each jump must land before the place the last one came from, so that no chain can loop.
        guard target < pointerLimit else { throw WireError(.pointerNotBackward, at: position) }
        if end < 0 { end = position + 2 }
        pointerLimit = target
        position = target
        continue
      }
      guard length < 0x40 else { throw WireError(.reservedLabelType, at: position) }
      try appendLabel(message, from: position + 1, length: length)
      position += length + 1
    }
    appendRoot()
    return end < 0 ? position + 1 : end
  }

  /// Takes a name over in one piece, as nearly every question's can be; nil, with nothing loaded,
  /// where there is a compression pointer or a fault, which the slower way tells.
  private mutating func readWhole(_ message: Span<UInt8>, at start: Int) -> Int? {
    var position = start
    var labels = 0
    while position < message.count {
      let length = Int(message[position])
      guard length > 0 else {
        fill(message.extracting(start..<position + 1))
        labelCount = labels
        return position + 1
      }
      // One octet is kept for the root label.
      guard length < 0x40, position - start + length + 1 < Limits.nameOctets else { return nil }
      labelOffsets[labels] = UInt8(truncatingIfNeeded: position - start)
      labels += 1
      position += length + 1
    }
    return nil
  }

  /// Sets the octets, eight at a time: lengths of labels are below `A`, and so fold to themselves.
  private mutating func fill(_ octets: Span<UInt8>) {
    count = octets.count
    let whole = count & ~7
    let source = unsafe octets.bytes
    var at = 0
    while at < whole {
      let word = unsafe source.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self)
      set(word, at: at)
      at += 8
    }
    guard at < count else { return }
    var last: UInt64 = 0
    for index in at..<count { last |= UInt64(octets[index]) << UInt64((index - at) * 8) }
    // The arrays have 256 octets, a name 255: the last word still lies inside.
    set(UInt64(littleEndian: last), at: at)
  }

  private mutating func set(_ word: UInt64, at offset: Int) {
    var target = original.mutableSpan
    var octets = unsafe target.mutableBytes
    octets.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
    var folded = canonical.mutableSpan
    var foldedOctets = unsafe folded.mutableBytes
    foldedOctets.storeBytes(of: word.asciiLowercasedOctets, toByteOffset: offset, as: UInt64.self)
  }

  mutating func clear() {
    count = 0
    labelCount = 0
  }

  mutating func appendRoot() {
    original[count] = 0
    canonical[count] = 0
    count += 1
  }

  /// Appends the label whose text stands at `start` of `octets`.
  mutating func appendLabel(
    _ octets: Span<UInt8>, from start: Int, length: Int
  ) throws(WireError) {
    guard start + length <= octets.count else { throw WireError(.truncated, at: start - 1) }
    guard length <= Limits.labelOctets else { throw WireError(.labelTooLong, at: start) }
    // One octet is kept for the root label.
    guard count + length + 1 < Limits.nameOctets else {
      throw WireError(.nameTooLong, at: max(start - 1, 0))
    }
    labelOffsets[labelCount] = UInt8(truncatingIfNeeded: count)
    labelCount += 1
    original[count] = UInt8(truncatingIfNeeded: length)
    canonical[count] = UInt8(truncatingIfNeeded: length)
    for index in 0..<length {
      let octet = octets[start + index]
      original[count + 1 + index] = octet
      canonical[count + 1 + index] = octet.asciiLowercased
    }
    count += length + 1
  }
}

extension UInt64 {
  /// Eight octets, each with A–Z folded to a–z and all others left alone.
  ///
  /// Adding to the low seven bits of each octet carries into its top bit where it is at least `A`,
  /// or beyond `Z`; no carry leaves the octet. Where only the former holds, bit 0x20 is set.
  var asciiLowercasedOctets: UInt64 {
    let each: UInt64 = 0x0101_0101_0101_0101
    let low = self & (each &* 0x7F)
    let isAtLeastA = low &+ each &* (0x80 - 0x41)
    let isBeyondZ = low &+ each &* (0x7F - 0x5A)
    let isCapital = (isAtLeastA ^ isBeyondZ) & ~self & (each &* 0x80)
    return self | isCapital >> 2
  }
}

extension UInt8 {
  /// The octet with A–Z folded to a–z; all others are left alone (RFC 4343 §3).
  @inlinable public var asciiLowercased: UInt8 {
    self &- 0x41 < 26 ? self | 0x20 : self
  }
}
