/// Why a name is not in a list: what reads it cannot hold such a name.
enum DomainSkips {
  /// For lists of host names.
  static let noHostName = "no host name"
  /// For lists of octets as they are in packets.
  static let escaped = "a name with escaped octets"

  /// The octets of a name as they are asked for, dots between labels; nil when one of them could
  /// be told only with an escape, since a dot within a label looks like one between labels.
  static func plainOctets(_ name: String) -> [UInt8]? {
    let octets = Array(name.utf8)
    let isPlain = octets.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }
    return isPlain && !octets.isEmpty ? octets : nil
  }
}
