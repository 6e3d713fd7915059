/// `RtlUniform` of ntdll: `(0x7FFFFFED * state + 0x7FFFFFC3) mod 0x7FFFFFFF`.
///
/// Up to Windows XP the product is cut to 32 bits before the remainder is taken, from Vista on it
/// is not; the sequences part at the second draw. (Found by Wine's tests of ntdll.)
public struct RtlUniform: Sendable {
  /// The last state, the `Seed` the caller of ntdll hands in and gets back.
  public var state: UInt32
  /// Which Windows computes.
  public let version: WindowsVersion

  /// A generator that starts from any state.
  @inlinable
  public init(state: UInt32, as version: WindowsVersion) {
    self.state = state
    self.version = version
  }

  /// Which ntdll computes.
  public enum WindowsVersion: Sendable {
    /// Windows 2000, XP and Server 2003: sums of 32 bits.
    case upToXP
    /// Windows Vista and later: sums of 64 bits.
    case fromVista
  }

  /// The next state, 0 to 0x7FFFFFFE.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt32 {
    switch version {
    case .upToXP:
      state = (state &* 0x7FFF_FFED &+ 0x7FFF_FFC3) % 0x7FFF_FFFF
    case .fromVista:
      let sum = UInt64(state) &* 0x7FFF_FFED &+ 0x7FFF_FFC3
      state = UInt32(truncatingIfNeeded: sum % 0x7FFF_FFFF)
    }
    return state
  }
}
