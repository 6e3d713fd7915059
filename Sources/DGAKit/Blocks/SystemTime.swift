/// The `SYSTEMTIME` of Windows: eight 16-bit fields, which malware hashes or encrypts as they lie
/// in memory (Microsoft, `minwinbase.h`).
public struct SystemTime: Sendable, Hashable {
  /// The year.
  public var year: UInt16
  /// The month, 1 (January) to 12.
  public var month: UInt16
  /// The day of the week, 0 (Sunday) to 6.
  public var dayOfWeek: UInt16
  /// The day of the month, 1 to 31.
  public var day: UInt16
  /// The hour, 0 to 23.
  public var hour: UInt16
  /// The minute, 0 to 59.
  public var minute: UInt16
  /// The second, 0 to 59.
  public var second: UInt16
  /// The millisecond, 0 to 999.
  public var milliseconds: UInt16

  /// The fields of an instant in UTC, as `GetSystemTime` gives them, at a full second.
  public init(_ instant: Instant) {
    let today = instant.calendarDay
    year = UInt16(truncatingIfNeeded: today.year)
    month = UInt16(truncatingIfNeeded: today.month)
    dayOfWeek = UInt16(truncatingIfNeeded: instant.weekday)
    day = UInt16(truncatingIfNeeded: today.day)
    let second = instant.secondOfDay
    hour = UInt16(truncatingIfNeeded: second / 3_600)
    minute = UInt16(truncatingIfNeeded: second / 60 % 60)
    self.second = UInt16(truncatingIfNeeded: second % 60)
    milliseconds = 0
  }

  /// The same day at midnight: malware often clears the four fields of the time of day.
  public var atMidnight: SystemTime {
    var copy = self
    (copy.hour, copy.minute, copy.second, copy.milliseconds) = (0, 0, 0, 0)
    return copy
  }

  /// The 16 octets as they lie in memory: each field with its low octet first.
  public var octets: InlineArray<16, UInt8> {
    let fields: InlineArray<8, UInt16> = [
      year, month, dayOfWeek, day, hour, minute, second, milliseconds,
    ]
    return InlineArray { place in
      UInt8(truncatingIfNeeded: fields[place / 2] &>> (place % 2 == 0 ? 0 : 8))
    }
  }
}
