/// Sizes fixed by the DNS standards.
public enum Limits {
  /// Longest name on the wire, with its root label (RFC 1035 §2.3.4).
  public static let nameOctets = 255
  /// Longest label (RFC 1035 §2.3.4).
  public static let labelOctets = 63
  /// Most labels a name of 255 octets can hold, the root label not counted.
  public static let labels = 127
  /// Message header (RFC 1035 §4.1.1).
  public static let headerOctets = 12
  /// Largest UDP message without EDNS (RFC 1035 §4.2.1).
  public static let udpWithoutEDNS = 512
  /// UDP size that avoids fragmentation (DNS Flag Day 2020, RFC 9715).
  public static let udpRecommended = 1232
  /// Largest DNS message: TCP's length prefix has 16 bits (RFC 1035 §4.2.2).
  public static let messageOctets = 65_535
}
