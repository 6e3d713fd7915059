extension FixedWidthInteger where Self: UnsignedInteger {
  /// The bits rotated towards the high end; the distance counts modulo the width.
  @inlinable
  @inline(__always)
  public func rotatedLeft(_ distance: Int) -> Self {
    (self &<< Self(truncatingIfNeeded: distance))
      | (self &>> Self(truncatingIfNeeded: -distance))
  }

  /// The bits rotated towards the low end; the distance counts modulo the width.
  @inlinable
  @inline(__always)
  public func rotatedRight(_ distance: Int) -> Self {
    (self &>> Self(truncatingIfNeeded: distance))
      | (self &<< Self(truncatingIfNeeded: -distance))
  }
}
