extension Instant {
  /// Reads `YYYY-MM-DD` (midnight UTC) or an RFC 3339 date-time; `nil` for anything else.
  ///
  /// A date-time needs its offset (`Z` or `±hh:mm`); a fraction of a second is cut off; the leap
  /// second `:60` counts as the first second of the next minute (RFC 3339 section 5.7).
  public init?(_ text: String) {
    var reader = DigitReader(Array(text.utf8))
    guard let year = reader.digits(4), reader.take("-"),
      let month = reader.digits(2), reader.take("-"),
      let day = reader.digits(2),
      let midnight = Instant(year: year, month: month, day: day)
    else { return nil }
    self = midnight
    if reader.isAtEnd { return }
    guard let offset = reader.timeOfDay() else { return nil }
    unixSeconds += offset
  }
}

extension Instant: CustomStringConvertible {
  /// RFC 3339 in UTC, such as `2026-11-23T13:37:00Z`.
  public var description: String {
    let time = pad(hour, 2) + ":" + pad(minute, 2) + ":" + pad(second, 2)
    return dayText + "T" + time + "Z"
  }

  /// The day alone, such as `2026-11-23`.
  public var dayText: String {
    let day = calendarDay
    return pad(day.year, 4) + "-" + pad(day.month, 2) + "-" + pad(day.day, 2)
  }
}

private func pad(_ value: Int, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

// MARK: - Reading

private struct DigitReader {
  private let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) {
    self.text = text
  }

  var isAtEnd: Bool { position == text.count }

  /// Exactly `count` decimal digits.
  mutating func digits(_ count: Int) -> Int? {
    guard position + count <= text.count else { return nil }
    var value = 0
    for byte in text[position..<position + count] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    position += count
    return value
  }

  /// One ASCII character, letters in either case.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < text.count else { return false }
    let found = text[position]
    let isLetter = (0x41...0x5A).contains(found)
    guard found == UInt8(ascii: character) || (isLetter && found | 0x20 == UInt8(ascii: character))
    else { return false }
    position += 1
    return true
  }

  /// `Thh:mm:ss[.fraction](Z|±hh:mm)` to the end, as seconds to add to midnight UTC.
  mutating func timeOfDay() -> Int64? {
    guard take("t"), let hour = digits(2), take(":"), let minute = digits(2), take(":"),
      let second = digits(2), hour <= 23, minute <= 59, second <= 60
    else { return nil }
    if take(".") {
      guard digits(1) != nil else { return nil }
      while digits(1) != nil {}
    }
    guard let offset = zoneOffset(), isAtEnd else { return nil }
    return Int64(hour * 3_600 + minute * 60 + second - offset)
  }

  private mutating func zoneOffset() -> Int? {
    if take("z") { return 0 }
    let isEast = take("+")
    guard isEast || take("-") else { return nil }
    guard let hours = digits(2), take(":"), let minutes = digits(2), hours <= 23, minutes <= 59
    else { return nil }
    return (isEast ? 1 : -1) * (hours * 3_600 + minutes * 60)
  }
}
