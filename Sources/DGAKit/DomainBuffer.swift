// `unsafe` is used once here: `StaticString` lends its octets only through a buffer pointer, which
// does not leave the closure.

/// Room for one domain name, held inline, so that filling it never allocates.
///
/// Holds the presentation form without a trailing dot, octet for octet as the malware builds it.
/// A generator writes each name with `removeAll()` and a few `append` calls. What does not fit
/// into 255 octets is dropped and sets `isOverlong`.
public struct DomainBuffer: Sendable {
  /// The most octets the buffer holds (a name on the wire has at most 255, RFC 1035 section 2.3.4).
  public static let capacity = 255

  // One octet more than `capacity`, so that no `UInt8` can index past the end.
  @usableFromInline var storage: InlineArray<256, UInt8>
  @usableFromInline var length: UInt8

  /// Whether more than `capacity` octets were appended since `removeAll()`.
  @inlinable
  public var isOverlong: Bool { overlong }
  @usableFromInline var overlong: Bool

  /// When this one name can be asked for, if that differs from its list's period; `nil` if not.
  ///
  /// A generator sets it after `removeAll()`, which resets it.
  public var validity: Period?

  /// An empty buffer.
  public init() {
    storage = InlineArray(repeating: 0)
    length = 0
    overlong = false
    validity = nil
  }

  /// The number of octets.
  @inlinable
  public var count: Int { Int(length) }

  /// Whether there are no octets.
  @inlinable
  public var isEmpty: Bool { length == 0 }

  /// The octet at a position, which must be in `0..<count`.
  @inlinable
  public subscript(position: Int) -> UInt8 {
    get {
      precondition(position < count, "position outside the name")
      return storage[position]
    }
    set {
      precondition(position < count, "position outside the name")
      storage[position] = newValue
    }
  }

  /// Empties the buffer and forgets `validity` and `isOverlong`.
  @inlinable
  public mutating func removeAll() {
    length = 0
    overlong = false
    validity = nil
  }

  /// Cuts the buffer back to its first octets; does nothing if it is no longer than that.
  @inlinable
  public mutating func truncate(to newCount: Int) {
    guard newCount < count else { return }
    length = UInt8(truncatingIfNeeded: max(0, newCount))
  }

  /// Adds one octet.
  @inlinable
  @inline(__always)
  public mutating func append(_ byte: UInt8) {
    guard length != UInt8.max else {
      overlong = true
      return
    }
    storage[Int(length)] = byte
    length &+= 1
  }

  /// Adds the letter so many places after `a` in ASCII.
  @inlinable
  @inline(__always)
  public mutating func append(letter: UInt32) {
    append(UInt8(truncatingIfNeeded: letter &+ 0x61))
  }

  /// Adds the octets of an array.
  @inlinable
  public mutating func append(_ bytes: [UInt8]) {
    for byte in bytes { append(byte) }
  }

  /// Adds borrowed octets.
  @inlinable
  public mutating func append(_ bytes: Span<UInt8>) {
    guard bytes.count <= DomainBuffer.capacity - count else {
      for position in bytes.indices { append(bytes[position]) }
      return
    }
    // There is room for all: the place needs no check per octet.
    var place = length
    for position in bytes.indices {
      storage[Int(place)] = bytes[position]
      place &+= 1
    }
    length = place
  }

  /// Adds the octets of a literal.
  public mutating func append(_ literal: StaticString) {
    literal.withUTF8Buffer { octets in
      for position in 0..<literal.utf8CodeUnitCount { append(unsafe octets[position]) }
    }
  }

  /// Adds the UTF-8 octets of a text.
  public mutating func append(text: String) {
    for byte in text.utf8 { append(byte) }
  }

  /// The octets, borrowed.
  @inlinable
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { storage.span.extracting(first: count) }
  }

  /// The name as text; octets that are not UTF-8 become U+FFFD.
  public var text: String {
    var octets: [UInt8] = []
    octets.reserveCapacity(count)
    for position in 0..<count { octets.append(storage[position]) }
    return String(decoding: octets, as: UTF8.self)
  }
}

// MARK: - Validity as a DNS name

extension DomainBuffer {
  /// Whether the octets are a DNS name: labels of 1 to 63 octets, at most 253 in all.
  ///
  /// That is less than a host name asks for (RFC 1123 section 2.1): any octet but the dot may be
  /// in a label, because some malware really asks for such names.
  public var isValidDNSName: Bool {
    guard !isOverlong, count >= 1, count <= 253 else { return false }
    var labelLength = 0
    for position in 0..<count {
      if storage[position] == UInt8(ascii: ".") {
        guard labelLength >= 1 else { return false }
        labelLength = 0
      } else {
        labelLength += 1
        guard labelLength <= 63 else { return false }
      }
    }
    return labelLength >= 1
  }
}
