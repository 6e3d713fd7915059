import Addressing

extension IPPrefix {
  /// Reads `address/length`, or a single address as the prefix that holds just it.
  init(text: String) throws(BadValue) {
    if let prefix = IPPrefix(text) {
      self = prefix
      return
    }
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = IPAddress(parts[0]) else {
      throw BadValue("is not a prefix; write it like 192.0.2.0/24 or 2001:db8::/32")
    }
    let longest = address.isIPv4 ? 32 : 128
    guard parts.count == 2, let length = Int(parts[1]), (0...longest).contains(length) else {
      throw BadValue("has a bad prefix length; expected 0…\(longest) after the slash")
    }
    let meant = IPPrefix(address: address, length: length + 128 - longest)
    throw BadValue("has bits set after the prefix; did you mean \(meant)?")
  }
}
