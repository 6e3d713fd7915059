/// A block of client addresses: the first address and how many leading bits are fixed.
package struct ClientPrefix: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// First address of the block: bits behind `length` are 0.
  package let address: ClientAddress
  /// Fixed bits, counted in the address's own family: 0…32 for IPv4, 0…128 for IPv6.
  package let length: Int

  /// The block around an address; a length beyond the family's is taken as the whole address.
  package init(_ address: ClientAddress, length: Int) {
    let bits = address.isIPv4 ? 32 : 128
    let length = min(max(length, 0), bits)
    self.length = length
    self.address = Self.masked(address, keeping: length + 128 - bits)
  }

  /// Reads `192.0.2.0/24`, `2001:db8::/32` or a single address; nil for anything else.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = ClientAddress(parts[0]) else { return nil }
    guard parts.count == 2 else {
      self.init(address, length: 128)
      return
    }
    guard let length = Int(parts[1]), parts[1].first?.isNumber == true, length >= 0,
      length <= (address.isIPv4 ? 32 : 128)
    else { return nil }
    self.init(address, length: length)
  }

  /// Whether the block is one address.
  package var isSingleAddress: Bool { length == (address.isIPv4 ? 32 : 128) }

  /// Whether an address lies in the block; IPv4 and IPv6 never mix.
  package func contains(_ other: ClientAddress) -> Bool {
    address.isIPv4 == other.isIPv4 && ClientPrefix(other, length: length).address == address
  }

  /// Orders by address, then the wider block first.
  package static func < (left: ClientPrefix, right: ClientPrefix) -> Bool {
    (left.address, left.length) < (right.address, right.length)
  }

  /// `192.0.2.0/24`.
  package var description: String { "\(address)/\(length)" }

  /// Clears what stands behind the first `bits` of the 128.
  private static func masked(_ address: ClientAddress, keeping bits: Int) -> ClientAddress {
    // A shift by 64 or more gives 0 in Swift: both halves are covered.
    let high = ~UInt64(0) << UInt64(max(0, 64 - bits))
    let low = ~UInt64(0) << UInt64(max(0, 128 - bits))
    return ClientAddress(high: address.high & high, low: address.low & low)
  }
}
