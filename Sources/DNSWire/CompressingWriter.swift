/// A growing buffer in network byte order that compresses names (RFC 1035 §4.1.4).
///
/// For code that may allocate: whole messages and answers on their way into the cache. The query
/// path uses `WireWriter`.
public struct CompressingWriter: Sendable {
  /// Furthest offset that the 14 bits of a compression pointer can name (RFC 1035 §4.1.4).
  private static let lastPointerTarget = 0x3FFF

  /// What has been written.
  public private(set) var octets: [UInt8] = []
  /// Where `octets` starts in the message it becomes part of.
  private let origin: Int
  /// Where in the message each canonical name suffix already stands.
  private var targets: [ArraySlice<UInt8>: UInt16] = [:]

  /// Starts a buffer whose first octet stands at offset `origin` of its message.
  public init(origin: Int = 0) { self.origin = origin }

  /// Octets written so far.
  public var count: Int { octets.count }

  /// Lets later names point into `name`, which stands at `offset` of the message.
  public mutating func addTarget(_ name: Name, at offset: Int) {
    let canonical = name.canonical
    for start in name.labelOffsets where offset + start <= Self.lastPointerTarget {
      let suffix = canonical[start...]
      if targets[suffix] == nil { targets[suffix] = UInt16(offset + start) }
    }
  }

  /// Appends one octet.
  public mutating func append(_ value: UInt8) { octets.append(value) }

  /// Appends 16 bits, big-endian.
  public mutating func append16(_ value: UInt16) {
    octets.append(UInt8(truncatingIfNeeded: value >> 8))
    octets.append(UInt8(truncatingIfNeeded: value))
  }

  /// Appends 32 bits, big-endian.
  public mutating func append32(_ value: UInt32) {
    append16(UInt16(truncatingIfNeeded: value >> 16))
    append16(UInt16(truncatingIfNeeded: value))
  }

  /// Appends octets.
  public mutating func append(_ bytes: some Sequence<UInt8>) { octets.append(contentsOf: bytes) }

  /// Appends a name, as a pointer to the longest suffix already written.
  ///
  /// Case is ignored in the search (RFC 4343 §4.2 allows that).
  public mutating func appendCompressed(_ name: Name) {
    let canonical = name.canonical
    let here = origin + octets.count
    for start in name.labelOffsets {
      let suffix = canonical[start...]
      if let target = targets[suffix] { return append16(0xC000 | target) }
      if here + start <= Self.lastPointerTarget { targets[suffix] = UInt16(here + start) }
      append(name.wire[start...(start + Int(name.wire[start]))])
    }
    append(0)
  }

  /// Appends 16 bits of length, then what `body` writes, and sets the length to its size.
  public mutating func appendPrefixed(_ body: (inout CompressingWriter) -> Void) {
    let lengthOffset = octets.count
    append16(0)
    body(&self)
    let length = octets.count - lengthOffset - 2
    octets[lengthOffset] = UInt8(truncatingIfNeeded: length >> 8)
    octets[lengthOffset + 1] = UInt8(truncatingIfNeeded: length)
  }

  /// Overwrites 16 bits already written at `offset`; the caller has checked the bounds.
  public mutating func patch16(_ value: UInt16, at offset: Int) {
    octets[offset] = UInt8(truncatingIfNeeded: value >> 8)
    octets[offset + 1] = UInt8(truncatingIfNeeded: value)
  }

  /// Forgets everything behind `count` octets, compression targets included.
  public mutating func rewind(to count: Int) {
    octets.removeSubrange(min(count, octets.count)...)
    let end = origin + octets.count
    targets = targets.filter { $0.value < end }
  }
}
