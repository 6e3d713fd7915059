import DGAKit
import Testing

@Suite("Instants and the calendar")
struct InstantTests {
  @Test(
    "dates and instants are read and written",
    arguments: [
      ("1970-01-01", 0, "1970-01-01T00:00:00Z"),
      ("2026-11-23", 1_795_392_000, "2026-11-23T00:00:00Z"),
      ("2026-11-23T13:37:00Z", 1_795_441_020, "2026-11-23T13:37:00Z"),
      ("2026-11-23t13:37:00.25z", 1_795_441_020, "2026-11-23T13:37:00Z"),
      ("2026-11-23T01:00:00+02:30", 1_795_386_600, "2026-11-22T22:30:00Z"),
      ("1969-12-31T23:59:59Z", -1, "1969-12-31T23:59:59Z"),
      ("2016-12-31T23:59:60Z", 1_483_228_800, "2017-01-01T00:00:00Z"),
      ("0001-01-01", -62_135_596_800, "0001-01-01T00:00:00Z"),
      ("9999-12-31T23:59:59Z", 253_402_300_799, "9999-12-31T23:59:59Z"),
    ])
  func text(text: String, seconds: Int64, written: String) throws {
    let instant = try #require(Instant(text))
    #expect(instant.unixSeconds == seconds)
    #expect(instant.description == written)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "", "2026", "2026-11-2", "2026-11-31", "2025-02-29", "2026-13-01", "2026-00-10", "26-11-23",
      "2026-11-23T13:37:00", "2026-11-23T24:00:00Z", "2026-11-23T13:37Z", "2026-11-23 13:37:00Z",
      "2026-11-23T13:37:00Zx", "2026-11-23T13:37:00.Z", "2026-11-23T13:37:00+2:00", "0000-01-01",
      "２０２６-11-23", "+026-11-23",
    ])
  func refused(text: String) {
    #expect(Instant(text) == nil)
  }

  @Test("every day of 800 years survives the way there and back")
  func roundTrip() throws {
    var day = try #require(Instant(year: 1600, month: 1, day: 1))
    var expected = CalendarDay(year: 1600, month: 1, day: 1)
    while expected.year < 2400 {
      #expect(day.calendarDay == expected)
      #expect(Instant(expected) == day)
      day = day.adding(days: 1)
      expected.day += 1
      if expected.day > CalendarDay.daysInMonth(expected.month, of: expected.year) {
        expected.day = 1
        expected.month += 1
      }
      if expected.month > 12 {
        expected.month = 1
        expected.year += 1
      }
    }
  }

  @Test("fields of the day")
  func fields() throws {
    let instant = try #require(Instant("2024-12-30T13:37:42Z"))
    #expect((instant.year, instant.month, instant.day) == (2024, 12, 30))
    #expect((instant.hour, instant.minute, instant.second) == (13, 37, 42))
    #expect(instant.weekday == 1)
    #expect(instant.dayOfYear == 365)
    #expect(instant.isoWeek == (2025, 1))
    #expect(try #require(Instant("2027-01-01")).isoWeek == (2026, 53))
    #expect(instant.startOfMonth.description == "2024-12-01T00:00:00Z")
    #expect(instant.startOfNextMonth.description == "2025-01-01T00:00:00Z")
    // Published by Microsoft as the difference of the epochs.
    #expect(Instant(unixSeconds: 0).filetime == 116_444_736_000_000_000)
  }

  @Test("arithmetic sticks at the ends instead of trapping")
  func extremes() {
    let last = Instant(unixSeconds: .max)
    #expect(last.adding(seconds: 1) == last)
    #expect(last.adding(days: .max) == last)
    #expect(Instant(unixSeconds: .min).adding(days: -1).unixSeconds == .min)
    #expect(last.calendarDay.year > 9_999)
    #expect(Instant(unixSeconds: .min).calendarDay.year < 1)
  }
}

@Suite("Periods")
struct PeriodTests {
  private func text(_ period: Period) -> String {
    "\(period.start.dayText) \(period.end.dayText)"
  }

  @Test("days and months")
  func calendar() throws {
    let instant = try #require(Instant("2024-02-29T23:59:59Z"))
    #expect(text(.day(containing: instant)) == "2024-02-29 2024-03-01")
    #expect(text(.month(containing: instant)) == "2024-02-01 2024-03-01")
  }

  @Test(
    "runs of days start anew each month",
    arguments: [
      ("2024-02-01", 7, "2024-02-01 2024-02-07"), ("2024-02-07", 7, "2024-02-07 2024-02-14"),
      ("2024-02-29", 7, "2024-02-28 2024-03-01"), ("2026-10-31", 2, "2026-10-30 2026-11-01"),
      ("2026-11-30", 4, "2026-11-28 2026-12-01"),
    ])
  func runs(day: String, length: Int, expected: String) throws {
    let instant = try #require(Instant(day)).adding(seconds: 12_345)
    #expect(text(.daysOfMonth(containing: instant) { $0 / length }) == expected)
  }

  @Test("blocks of seconds, also before their origin")
  func blocks() {
    let origin = Instant(unixSeconds: 1_000)
    for (second, start) in [(1_000, 1_000), (1_511, 1_000), (1_512, 1_512), (999, 488)] {
      let period = Period.block(
        ofSeconds: 512, containing: Instant(unixSeconds: Int64(second)), origin: origin)
      #expect(period.start.unixSeconds == Int64(start))
      #expect(period.end.unixSeconds == Int64(start) + 512)
    }
  }

  @Test("an end does not belong to its period")
  func halfOpen() {
    let period = Period(start: Instant(unixSeconds: 10), end: Instant(unixSeconds: 20))
    #expect(period.contains(period.start))
    #expect(!period.contains(period.end))
    #expect(!period.overlaps(Period(start: period.end, end: Instant(unixSeconds: 30))))
    #expect(period.overlaps(.always))
    #expect(period.description == "1970-01-01T00:00:10Z/1970-01-01T00:00:20Z")
  }
}
