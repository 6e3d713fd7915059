/// The zones libunbound answers by itself unless told otherwise.
///
/// Ponor answers special-use names before recursion, and an operator may have private reverse
/// zones elsewhere: whatever is submitted must really be asked, so these are taken out again.
/// Source: unbound.conf(5), "local-zone", defaults (RFC 6303, 6761, 7686, 7793, 8375).
enum DefaultLocalZones {
  /// A name libunbound answers from its own data before the zones are removed.
  static let probeName = "localhost."

  /// Their names in presentation format.
  static let names: [String] =
    ["localhost.", "test.", "invalid.", "onion.", "home.arpa."] + reverseIPv4 + reverseIPv6

  private static let reverseIPv4: [String] = {
    var zones = ["0", "10", "127", "254.169", "168.192", "2.0.192", "100.51.198", "113.0.203"]
    zones.append("255.255.255.255")
    zones += (16...31).map { "\($0).172" }
    zones += (64...127).map { "\($0).100" }
    return zones.map { "\($0).in-addr.arpa." }
  }()

  private static let reverseIPv6: [String] = {
    let zeros = String(repeating: "0.", count: 31)
    let zones = ["d.f.", "8.e.f.", "9.e.f.", "a.e.f.", "b.e.f.", "8.b.d.0.1.0.0.2."]
    return (zones + ["0." + zeros, "1." + zeros]).map { "\($0)ip6.arpa." }
  }()
}
