public import DNSWire

/// A name as octets whose order is the canonical order of names (RFC 4034 §6.1).
///
/// The labels stand from the right, in lower case, each ended by a zero, so that one comparison of
/// octets orders names and everything below a name follows it at once. A zero within a label would
/// end it too early: octets 0 and 1 are written as 1 and their value plus one.
public enum NameKey {
  /// Most octets of a key: a name of 255 octets all of which are escaped.
  public static let longest = 512
  private static let escape: UInt8 = 1

  /// Appends the key of a name.
  public static func append(_ name: borrowing NameBuffer, to octets: inout [UInt8]) {
    let source = name.canonicalBytes
    var label = name.labelCount
    while label > 0 {
      label -= 1
      let start = name.labelOffset(label) + 1
      for index in start..<start + Int(source[start - 1]) {
        let octet = source[index]
        if octet <= escape { octets.append(escape) }
        octets.append(octet <= escape ? octet + 1 : octet)
      }
      octets.append(0)
    }
  }

  /// Appends the labels that a key stands for in wire form, without the root label.
  ///
  /// - Returns: false for octets that are the key of no name; what was appended then means nothing.
  public static func appendLabels(of key: [UInt8], to wire: inout [UInt8]) -> Bool {
    guard key.last == 0 else { return false }
    let before = wire.count
    var end = key.count - 1
    while end >= 0 {
      var start = end
      while start > 0, key[start - 1] != 0 { start -= 1 }
      guard appendLabel(key[start..<end], to: &wire) else { return false }
      end = start - 1
    }
    // The root label needs an octet too (RFC 1035 §2.3.4).
    return wire.count - before < Limits.nameOctets
  }

  private static func appendLabel(_ octets: ArraySlice<UInt8>, to wire: inout [UInt8]) -> Bool {
    let lengthAt = wire.count
    wire.append(0)
    var isEscaped = false
    for octet in octets {
      if isEscaped {
        guard octet == 1 || octet == 2 else { return false }
        wire.append(octet - 1)
        isEscaped = false
      } else if octet == escape {
        isEscaped = true
      } else {
        wire.append(octet)
      }
    }
    let length = wire.count - lengthAt - 1
    guard !isEscaped, (1...Limits.labelOctets).contains(length) else { return false }
    wire[lengthAt] = UInt8(truncatingIfNeeded: length)
    return true
  }

  /// Whether the name of `key` stands below that of `ancestor`.
  public static func isBelow(_ key: [UInt8], _ ancestor: [UInt8]) -> Bool {
    key.count > ancestor.count && key.starts(with: ancestor)
  }
}
