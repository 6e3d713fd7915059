/// The fields of a day in the proleptic Gregorian calendar.
public struct CalendarDay: Sendable, Hashable {
  /// The year, 1 to 9999 for everything Ponor handles.
  public var year: Int
  /// The month, 1 (January) to 12.
  public var month: Int
  /// The day of the month, 1 to 31.
  public var day: Int

  /// A day from its fields, which are not checked.
  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The day so many days after 1970-01-01.
  ///
  /// Counts in 400-year eras whose years begin in March, so that the leap day is a year's last.
  public init(daysSince1970 days: Int64) {
    let shifted = days + daysFromEraStartTo1970
    let era = floorDivide(shifted, daysPerEra)
    let dayOfEra = shifted - era * daysPerEra
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    month = Int(marchMonth < 10 ? marchMonth + 3 : marchMonth - 9)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
  }

  /// Days from 1970-01-01 to this day.
  public var daysSince1970: Int64 {
    let marchYear = Int64(month <= 2 ? year - 1 : year)
    let era = floorDivide(marchYear, 400)
    let yearOfEra = marchYear - era * 400
    let marchMonth = Int64(month > 2 ? month - 3 : month + 9)
    let dayOfYear = (153 * marchMonth + 2) / 5 + Int64(day) - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * daysPerEra + dayOfEra - daysFromEraStartTo1970
  }

  /// The number of days in a month of a year.
  public static func daysInMonth(_ month: Int, of year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: isLeapYear(year) ? 29 : 28
    default: 31
    }
  }

  /// Whether a year has a 29 February.
  public static func isLeapYear(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }
}

private let daysPerEra: Int64 = 146_097
/// From 0000-03-01 to 1970-01-01.
private let daysFromEraStartTo1970: Int64 = 719_468

private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient - 1 : quotient
}

// MARK: - Fields of an instant

extension Instant {
  /// Midnight UTC, or the given time of day; `nil` when a field is outside its range.
  public init?(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0
  ) {
    guard (1...9_999).contains(year), (1...12).contains(month),
      (1...CalendarDay.daysInMonth(month, of: year)).contains(day),
      (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
    else { return nil }
    self.init(CalendarDay(year: year, month: month, day: day))
    unixSeconds += Int64(hour * 3_600 + minute * 60 + second)
  }

  /// Midnight UTC at the start of a day.
  public init(_ day: CalendarDay) {
    self.init(unixSeconds: day.daysSince1970 * Instant.secondsPerDay)
  }

  /// Whole days since 1970-01-01, rounded down.
  public var daysSince1970: Int64 { floorDivide(unixSeconds, Instant.secondsPerDay) }

  /// Seconds since midnight UTC, 0 to 86,399.
  public var secondOfDay: Int {
    Int(unixSeconds - daysSince1970 * Instant.secondsPerDay)
  }

  /// The calendar day in UTC; reading several fields from it is cheaper than one by one.
  public var calendarDay: CalendarDay { CalendarDay(daysSince1970: daysSince1970) }

  /// The year in UTC.
  public var year: Int { calendarDay.year }
  /// The month in UTC, 1 to 12.
  public var month: Int { calendarDay.month }
  /// The day of the month in UTC, 1 to 31.
  public var day: Int { calendarDay.day }
  /// The hour in UTC, 0 to 23.
  public var hour: Int { secondOfDay / 3_600 }
  /// The minute, 0 to 59.
  public var minute: Int { secondOfDay / 60 % 60 }
  /// The second, 0 to 59.
  public var second: Int { secondOfDay % 60 }

  /// The day of the week, 0 (Sunday) to 6 (Saturday), as Windows and C count.
  public var weekday: Int {
    // 1970-01-01 was a Thursday.
    let shifted = daysSince1970 + 4
    return Int(shifted - floorDivide(shifted, 7) * 7)
  }

  /// The day of the year, 1 to 366.
  public var dayOfYear: Int {
    let first = CalendarDay(year: year, month: 1, day: 1)
    return Int(daysSince1970 - first.daysSince1970) + 1
  }

  /// The ISO 8601 week, 1 to 53, and the year that week belongs to.
  public var isoWeek: (year: Int, week: Int) {
    // A week belongs to the year its Thursday lies in.
    let thursday = adding(days: Int64(4 - (weekday + 6) % 7 - 1))
    return (thursday.year, (thursday.dayOfYear - 1) / 7 + 1)
  }

  /// Windows FILETIME: 100-nanosecond steps since 1601-01-01, modulo 2^64.
  public var filetime: UInt64 {
    UInt64(bitPattern: unixSeconds &+ 11_644_473_600) &* 10_000_000
  }

  /// Midnight UTC of this day.
  public var startOfDay: Instant {
    Instant(unixSeconds: daysSince1970 * Instant.secondsPerDay)
  }

  /// Midnight UTC on the first of this month.
  public var startOfMonth: Instant {
    let today = calendarDay
    return Instant(CalendarDay(year: today.year, month: today.month, day: 1))
  }

  /// Midnight UTC on the first of the next month.
  public var startOfNextMonth: Instant {
    let today = calendarDay
    let isDecember = today.month == 12
    return Instant(
      CalendarDay(
        year: isDecember ? today.year + 1 : today.year,
        month: isDecember ? 1 : today.month + 1, day: 1))
  }
}
