/// The shift registers of Ranbyus, which Mirai's generator took over: four that never meet but in
/// the day's, into which the seed's is mixed.
public struct RanbyusRegisters: Sendable {
  @usableFromInline var day: UInt32
  @usableFromInline var month: UInt32
  @usableFromInline var year: UInt32
  @usableFromInline var seed: UInt32

  /// The registers at a day's first draw.
  public init(day: CalendarDay, seed: UInt32) {
    self.day = UInt32(day.day)
    month = UInt32(day.month)
    year = UInt32(truncatingIfNeeded: day.year)
    self.seed = seed
  }

  /// The next draw; both families take it modulo 25 for a letter.
  @inlinable
  @inline(__always)
  public mutating func next() -> UInt32 {
    day = (day &>> 15) ^ 16 &* ((day & 0x1FFF) ^ 4 &* (seed ^ day))
    year = ((year & 0xFFFF_FFF0) &<< 17) ^ ((year ^ (7 &* year)) &>> 11)
    month = 14 &* (month & 0xFFFF_FFFE) ^ ((month ^ (4 &* month)) &>> 8)
    seed = (seed &>> 6) ^ (((day &+ 8 &* seed) &<< 8) & 0x3FF_FF00)
    return day ^ month ^ year
  }
}
