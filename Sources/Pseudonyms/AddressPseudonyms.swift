internal import DNSWire
package import Evidence

/// Replaces addresses by others that say nothing of who it was, but keep who was near to whom.
///
/// Two addresses that share their first n bits have pseudonyms that share exactly their first n
/// bits, and the same address always has the same pseudonym under one key: networks can still be
/// counted and compared. This is the construction of J. Xu, J. Fan, M. H. Ammar and S. B. Moon
/// ("Prefix-preserving IP address anonymization", ICNP 2002): bit i is flipped by one bit of a
/// pseudo-random function of the i bits before it. They take AES for the function; here it is
/// SipHash-2-4, which is a pseudo-random function too, is at hand, and needs no library with a block
/// cipher. Pseudonyms are therefore not those of other tools with the same key.
///
/// Whoever can have lookups made under addresses of his own learns the pseudonyms of their networks:
/// such exports go to people bound by agreement, under a key of their own, changed from time to time.
package struct AddressPseudonyms: Sendable {
  /// Octets of a key.
  package static let keyLength = 16

  private let low: UInt64
  private let high: UInt64

  /// Takes a key of `keyLength` octets; nil for any other length.
  package init?(key: [UInt8]) {
    guard key.count == Self.keyLength else { return nil }
    low = key.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    high = key.suffix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The pseudonym of an address, of the same family.
  ///
  /// - Parameter prefixLength: bits that are known, in the address's own family; those behind stay
  ///   zero. Nil = all.
  package func pseudonym(of address: ClientAddress, prefixLength: Int? = nil) -> ClientAddress {
    let start = address.isIPv4 ? 96 : 0
    let end = min(128, max(0, prefixLength ?? 128) + start)
    var result = address
    for bit in start..<max(start, end) where flips(bit, of: address, start: start) {
      result = Self.flipping(bit, of: result)
    }
    // An IPv6 pseudonym that reads as an IPv4 address needs 96 particular bits: it does not come.
    return result
  }

  /// A pseudonym of any text under the same key, as 32 hexadecimal digits.
  package func pseudonym(of text: String) -> String {
    Self.digits(hash(text, domain: 1)) + Self.digits(hash(text, domain: 2))
  }

  // MARK: - The function

  /// Whether the bit is flipped: one bit of the function of family, place and all bits before it.
  private func flips(_ bit: Int, of address: ClientAddress, start: Int) -> Bool {
    // A shift by 64 or more gives 0 in Swift: both halves are covered.
    let highMask = ~(~UInt64(0) >> UInt64(min(bit, 64)))
    let lowMask = ~(~UInt64(0) >> UInt64(max(0, bit - 64)))
    var function = SipHash24(low: low, high: high)
    function.add(address.high & highMask)
    function.add(address.low & lowMask)
    let place = UInt64(bit) | UInt64(start) << 8
    return function.finish(rest: place, length: 18) & 1 == 1
  }

  private static func flipping(_ bit: Int, of address: ClientAddress) -> ClientAddress {
    let one = UInt64(1) << UInt64(63 - bit % 64)
    return bit < 64
      ? ClientAddress(high: address.high ^ one, low: address.low)
      : ClientAddress(high: address.high, low: address.low ^ one)
  }

  private func hash(_ text: String, domain: UInt64) -> UInt64 {
    var function = SipHash24(low: low, high: high)
    function.add(domain << 56 | 0xff)
    var rest: UInt64 = 0
    var count = 0
    for octet in text.utf8 {
      rest |= UInt64(octet) << UInt64(8 * (count % 8))
      count += 1
      if count % 8 == 0 {
        function.add(rest)
        rest = 0
      }
    }
    return function.finish(rest: rest, length: count + 8)
  }

  private static func digits(_ value: UInt64) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
  }
}
