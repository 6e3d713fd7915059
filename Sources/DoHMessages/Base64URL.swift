/// Base 64 with the alphabet for URLs and without padding (RFC 4648 §5), the form RFC 8484 §6 wants.
public enum Base64URL {
  /// Decodes text of at most `limit` octets of content.
  ///
  /// - Returns: nil for letters outside the alphabet, padding, an impossible length, bits that are
  ///   left over and not zero (§3.5: such text has a second spelling), or more than `limit` octets.
  public static func decode(_ text: some Collection<UInt8>, limit: Int) -> [UInt8]? {
    let count = text.count
    guard count % 4 != 1, count / 4 * 3 + max(count % 4 - 1, 0) <= limit else { return nil }
    var octets: [UInt8] = []
    octets.reserveCapacity(count / 4 * 3 + 2)
    var bits: UInt32 = 0
    var held = 0
    for letter in text {
      let value = values[Int(letter)]
      guard value < 64 else { return nil }
      bits = bits << 6 | UInt32(value)
      held += 6
      if held >= 8 {
        held -= 8
        octets.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
      }
    }
    guard bits & ((1 << UInt32(held)) - 1) == 0 else { return nil }
    return octets
  }

  /// Encodes octets, without padding.
  public static func encode(_ octets: [UInt8]) -> String {
    var letters: [UInt8] = []
    letters.reserveCapacity((octets.count * 4 + 2) / 3)
    var bits: UInt32 = 0
    var held = 0
    for octet in octets {
      bits = bits << 8 | UInt32(octet)
      held += 8
      while held >= 6 {
        held -= 6
        letters.append(alphabet[Int(bits >> UInt32(held) & 63)])
      }
    }
    if held > 0 { letters.append(alphabet[Int(bits << UInt32(6 - held) & 63)]) }
    return String(decoding: letters, as: UTF8.self)
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// The value of each letter; 64 for octets outside the alphabet.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 64, count: 256)
    for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()
}
