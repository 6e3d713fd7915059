/// Serial numbers that go round (RFC 1982), with SERIAL_BITS = 32.
public enum SerialNumber {
  /// Whether `left` is newer than `right` (§3.2); false also where the RFC leaves it undefined, at a
  /// distance of exactly 2^31.
  public static func isNewer(_ left: UInt32, than right: UInt32) -> Bool {
    let distance = left &- right
    return distance != 0 && distance < 1 << 31
  }

  /// The serial that follows, never 0: some software takes that for "no serial".
  public static func next(after serial: UInt32) -> UInt32 {
    let next = serial &+ 1
    return next == 0 ? 1 : next
  }
}
