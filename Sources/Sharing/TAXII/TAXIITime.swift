/// Instants of TAXII: RFC 3339 in UTC with microseconds (TAXII 2.1 §1.4.3).
package enum TAXIITime {
  /// Microseconds since 1970 of `2026-11-23T06:07:08.123456Z`; nil for anything else.
  ///
  /// Any number of digits of a fraction is taken, those beyond microseconds are left out.
  package static func parse(_ text: String) -> Int64? {
    let octets = Array(text.utf8)
    guard (20...40).contains(octets.count), octets.last == UInt8(ascii: "Z"),
      octets[4] == 0x2d, octets[7] == 0x2d, octets[10] == UInt8(ascii: "T"),
      octets[13] == 0x3a, octets[16] == 0x3a,
      let year = number(octets[0..<4]), let month = number(octets[5..<7]),
      let day = number(octets[8..<10]), let hour = number(octets[11..<13]),
      let minute = number(octets[14..<16]), let second = number(octets[17..<19]),
      (1970...9999).contains(year), (1...12).contains(month),
      (1...length(month, year)).contains(day), hour < 24, minute < 60, second < 61
    else { return nil }
    var fraction: Int64 = 0
    if octets.count > 20 {
      let digits = octets[20..<octets.count - 1]
      guard octets[19] == UInt8(ascii: "."), !digits.isEmpty, number(digits.prefix(6)) != nil,
        digits.allSatisfy({ (0x30...0x39).contains($0) })
      else { return nil }
      let padded =
        Array(digits.prefix(6)) + [UInt8](repeating: 0x30, count: max(0, 6 - digits.count))
      fraction = number(padded[...]) ?? 0
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
    return seconds * 1_000_000 + fraction
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - 0x30)
    }
    return value
  }

  private static func length(_ month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970 of a date of the Gregorian calendar, years counted from March.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month < 3 ? year - 1 : year
    let era = shifted / 400
    let ofEra = shifted - era * 400
    let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }
}
