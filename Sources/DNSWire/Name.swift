/// A domain name as a value: uncompressed wire form, compared without regard to ASCII case.
///
/// The control plane, zones and exporters use it; the query path uses `NameBuffer`.
public struct Name: Sendable, Hashable, CustomStringConvertible {
  /// Wire form, root label included, in the letter case it came in.
  public let wire: [UInt8]

  /// The root name.
  public static let root = Name(uncheckedWire: [0])

  private init(uncheckedWire: [UInt8]) { wire = uncheckedWire }

  /// Copies what a buffer holds; an empty buffer gives the root.
  public init(_ buffer: borrowing NameBuffer) {
    var octets: [UInt8] = []
    octets.reserveCapacity(buffer.count)
    let source = buffer.originalBytes
    for index in source.indices { octets.append(source[index]) }
    wire = octets.isEmpty ? [0] : octets
  }

  /// Takes a whole uncompressed name.
  ///
  /// - Throws: `WireError` if the octets are not exactly one name.
  public init(wire octets: [UInt8]) throws(WireError) {
    var buffer = NameBuffer()
    let end = try buffer.load(from: octets.span, at: 0, allowCompression: false)
    guard end == octets.count else { throw WireError(.trailingOctets, at: end) }
    wire = octets
  }

  /// Parses presentation format (RFC 1035 §5.1): `\.`, `\\`, `\ddd`; a final dot is optional.
  ///
  /// - Throws: `WireError` with the offset of the octet of `text` at fault.
  public init(_ text: String) throws(WireError) {
    let octets = Array(text.utf8)
    guard octets != [0x2E] else {
      self = .root
      return
    }
    var parser = NameTextParser()
    try parser.parse(octets)
    wire = parser.wire
  }

  /// The lower-case wire form used for comparison and hashing (RFC 4034 §6.2).
  ///
  /// Length octets are at most 63 and so are never changed by the case fold.
  public var canonical: [UInt8] { wire.map(\.asciiLowercased) }

  /// Labels, the root label not counted.
  public var labelCount: Int { labelOffsets.count }

  /// Offset of each label's length octet, the root label not counted.
  public var labelOffsets: [Int] {
    var offsets: [Int] = []
    var position = 0
    while wire[position] != 0 {
      offsets.append(position)
      position += Int(wire[position]) + 1
    }
    return offsets
  }

  /// Whether this name is `ancestor` or stands below it.
  public func isEqualOrBelow(_ ancestor: Name) -> Bool {
    let own = canonical
    let other = ancestor.canonical
    guard own.count >= other.count else { return false }
    let start = own.count - other.count
    guard start == own.count - 1 || start == 0 || labelOffsets.contains(start) else { return false }
    return own[start...].elementsEqual(other)
  }

  /// Whether both are the same name, whatever the case of their letters (RFC 4343).
  public static func == (left: Name, right: Name) -> Bool {
    left.wire.count == right.wire.count
      && zip(left.wire, right.wire).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
  }

  /// Hashes the name without the case of its letters.
  public func hash(into hasher: inout Hasher) {
    for octet in wire { hasher.combine(octet.asciiLowercased) }
  }

  /// Presentation format with a final dot, escaped per RFC 1035 §5.1.
  public var description: String {
    guard wire.count > 1 else { return "." }
    var text = ""
    for start in labelOffsets {
      for octet in wire[(start + 1)...(start + Int(wire[start]))] { text += Self.escape(octet) }
      text += "."
    }
    return text
  }

  private static func escape(_ octet: UInt8) -> String {
    switch octet {
    case UInt8(ascii: "."), UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: ";"), UInt8(ascii: "@"), UInt8(ascii: "$"):
      return "\\" + String(UnicodeScalar(octet))
    case 0x21...0x7E:
      return String(UnicodeScalar(octet))
    default:
      let digits = String(octet)
      return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
  }
}

/// Turns presentation format into wire form, label by label.
private struct NameTextParser {
  private(set) var wire: [UInt8] = []
  private var label: [UInt8] = []

  mutating func parse(_ text: [UInt8]) throws(WireError) {
    guard !text.isEmpty else { throw WireError(.emptyLabel, at: 0) }
    var position = 0
    while position < text.count {
      switch text[position] {
      case UInt8(ascii: "."):
        try finishLabel(at: position)
        position += 1
      case UInt8(ascii: "\\"):
        position = try parseEscape(text, at: position)
      default:
        label.append(text[position])
        position += 1
      }
    }
    if !label.isEmpty { try finishLabel(at: text.count) }
    wire.append(0)
    guard wire.count <= Limits.nameOctets else { throw WireError(.nameTooLong, at: text.count) }
  }

  private mutating func parseEscape(_ text: [UInt8], at start: Int) throws(WireError) -> Int {
    guard start + 1 < text.count else { throw WireError(.badEscape, at: start) }
    guard (0x30...0x39).contains(text[start + 1]) else {
      label.append(text[start + 1])
      return start + 2
    }
    guard start + 3 < text.count else { throw WireError(.badEscape, at: start) }
    var value = 0
    for digit in text[(start + 1)...(start + 3)] {
      guard (0x30...0x39).contains(digit) else { throw WireError(.badEscape, at: start) }
      value = value * 10 + Int(digit - 0x30)
    }
    guard let octet = UInt8(exactly: value) else { throw WireError(.badEscape, at: start) }
    label.append(octet)
    return start + 4
  }

  private mutating func finishLabel(at position: Int) throws(WireError) {
    guard !label.isEmpty else { throw WireError(.emptyLabel, at: position) }
    guard let length = UInt8(exactly: label.count), label.count <= Limits.labelOctets else {
      throw WireError(.labelTooLong, at: position)
    }
    wire.append(length)
    wire.append(contentsOf: label)
    label.removeAll(keepingCapacity: true)
  }
}
