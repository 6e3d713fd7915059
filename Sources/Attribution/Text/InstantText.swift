/// Reads instants in the forms that log and accounting files have.
package enum InstantText {
  static let microseconds: Int64 = 1_000_000
  /// Seconds since 1970 of the year 10000: what is beyond is no time of anything.
  private static let latest: Int64 = 253_402_300_800

  /// Microseconds since 1970 of one of these; nil for anything else.
  ///
  /// * seconds since 1970, with or without a fraction;
  /// * `2026-11-23 13:37:00`, with `T`, a fraction, `Z` or a numeric zone (`+01`, `+0100`,
  ///   `+01:00`), with `/` for `-`.
  ///
  /// - Parameter utcOffset: seconds east of UTC of text without a zone.
  package static func parse(_ text: Octets, utcOffset: Int64 = 0) -> Int64? {
    let text = text.trimmed
    return epoch(text) ?? calendar(text, utcOffset: utcOffset)
  }

  /// Fewest digits of seconds since 1970 (from 1973 on): a bare year is none.
  private static let epochDigits = 9

  private static func epoch(_ text: Octets) -> Int64? {
    let (whole, fraction) = text.cut(at: UInt8(ascii: ".")) ?? (text, [])
    guard whole.count >= epochDigits, let seconds = whole.decimal, seconds < latest,
      let part = fractionMicroseconds(fraction)
    else { return nil }
    return seconds * microseconds + part
  }

  /// Microseconds of the digits behind a point; 0 when there are none, nil for anything else.
  private static func fractionMicroseconds(_ digits: Octets) -> Int64? {
    guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    var value: Int64 = 0
    for index in 0..<6 {
      value = value * 10
      if index < digits.count { value += Int64(digits[digits.startIndex + index] - 0x30) }
    }
    return value
  }

  private static func calendar(_ text: Octets, utcOffset: Int64) -> Int64? {
    // YYYY-MM-DD HH:MM:SS
    guard text.count >= 19 else { return nil }
    let at = { (index: Int) in text[text.startIndex + index] }
    let number = { (from: Int, count: Int) -> Int64? in
      text[(text.startIndex + from)..<(text.startIndex + from + count)].decimal
    }
    guard at(4) == at(7), at(4) == UInt8(ascii: "-") || at(4) == UInt8(ascii: "/"),
      [0x20, UInt8(ascii: "T"), UInt8(ascii: "t")].contains(at(10)),
      at(13) == UInt8(ascii: ":"), at(16) == UInt8(ascii: ":"),
      let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
      let seconds = seconds(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    var rest = text.dropFirst(19)
    var part: Int64 = 0
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
      guard !digits.isEmpty, let value = fractionMicroseconds(digits) else { return nil }
      part = value
      rest = rest[digits.endIndex...]
    }
    guard let offset = rest.isEmpty ? utcOffset : zone(rest.trimmed) else { return nil }
    return (seconds - offset) * microseconds + part
  }

  /// Seconds east of UTC of `Z`, `UTC`, `+01`, `+0100`, `+01:00`.
  static func zone(_ text: Octets) -> Int64? {
    if text.isWord("z") || text.isWord("utc") || text.isWord("gmt") { return 0 }
    guard let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
      return nil
    }
    let digits = Octets(text.dropFirst().filter { $0 != UInt8(ascii: ":") })
    guard digits.count == 2 || digits.count == 4, let value = digits.decimal else { return nil }
    let minutes = digits.count == 2 ? value * 60 : value / 100 * 60 + value % 100
    guard minutes <= 14 * 60 else { return nil }
    return (sign == UInt8(ascii: "-") ? -60 : 60) * minutes
  }

  /// Seconds since 1970 of a date and time of the Gregorian calendar in UTC; nil for no such date.
  ///
  /// A leap second counts as the next second.
  static func seconds(
    year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64
  ) -> Int64? {
    guard (1970...9999).contains(year), (1...12).contains(month), day >= 1, hour < 24,
      minute < 60, second <= 60
    else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[Int(month) - 1] else { return nil }
    let before = year - 1
    let leapDays = before / 4 - before / 100 + before / 400 - 477
    let dayOfYear = lengths[..<(Int(month) - 1)].reduce(0, +) + day - 1
    let days = (year - 1970) * 365 + leapDays + dayOfYear
    return ((days * 24 + hour) * 60 + minute) * 60 + second
  }

  /// The number of a month by its English short name, 1 … 12.
  static func month(_ name: Octets) -> Int64? {
    let names = [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    return names.firstIndex(of: name.text.lowercased()).map { Int64($0 + 1) }
  }
}
