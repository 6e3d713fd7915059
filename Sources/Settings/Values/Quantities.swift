/// A number of octets; text with units such as `64MiB`.
package struct ByteCount: Hashable, Sendable, Comparable {
  /// The number of octets.
  package var bytes: UInt64

  /// A number of octets.
  package init(_ bytes: UInt64) { self.bytes = bytes }

  /// A number of mebibytes (2^20 octets).
  package static func mebibytes(_ count: UInt64) -> ByteCount { ByteCount(count << 20) }

  /// Orders by size.
  package static func < (lhs: ByteCount, rhs: ByteCount) -> Bool { lhs.bytes < rhs.bytes }

  private static let units: [(name: String, size: UInt64)] = [
    ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
    ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000),
    ("B", 1), ("", 1),
  ]

  /// Reads digits and a unit: B, KiB, MiB, GiB, TiB, or kB, MB, GB, TB; none means octets.
  init(text: String) throws(BadValue) {
    let (number, unitText) = try leadingNumber(text)
    guard let unit = Self.units.first(where: { $0.name == unitText }) else {
      throw BadValue("has an unknown unit '\(unitText)'; write it like 64MiB or 2GiB")
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit.size)
    guard !overflow else { throw BadValue("is too large") }
    bytes = product
  }
}

extension ByteCount: CustomStringConvertible {
  /// The count with the largest binary unit that divides it.
  package var description: String {
    let unit = Self.units.prefix(4).first { bytes >= $0.size && bytes % $0.size == 0 }
    return unit.map { "\(bytes / $0.size)\($0.name)" } ?? "\(bytes)B"
  }
}

/// A time of day in UTC, `HH:MM`.
package struct TimeOfDay: Hashable, Sendable {
  /// Minutes since midnight UTC, 0…1439.
  package var minutes: Int

  /// A time of day from hour 0…23 and minute 0…59; values outside wrap around the day.
  package init(hour: Int, minute: Int) {
    let total = (hour * 60 + minute) % 1440
    minutes = total < 0 ? total + 1440 : total
  }

  /// Reads `HH:MM`.
  init(text: String) throws(BadValue) {
    let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count == 2, let hour = Self.twoDigits(parts[0]), hour < 24,
      let minute = Self.twoDigits(parts[1]), minute < 60
    else { throw BadValue("is not a time of day; write it like \"23:00\"") }
    self.init(hour: hour, minute: minute)
  }

  private static func twoDigits(_ text: Substring.UTF8View) -> Int? {
    guard text.count == 2, text.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }
}

extension TimeOfDay: CustomStringConvertible {
  /// `HH:MM`.
  package var description: String {
    let digits = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    return digits(minutes / 60) + ":" + digits(minutes % 60)
  }
}

/// Durations as configuration text: digits and a unit, a bare number means seconds.
enum DurationText {
  /// Unit names and their length in milliseconds, longest first.
  private static let units: [(name: String, milliseconds: UInt64)] = [
    ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000),
    ("ms", 1),
  ]

  /// Longest duration read, so that later sums cannot overflow: 1,000 years.
  private static let longest: UInt64 = 1_000 * 366 * 86_400_000

  /// Milliseconds of `text`.
  static func milliseconds(_ text: String) throws(BadValue) -> Int64 {
    let (number, unitText) = try leadingNumber(text)
    let unit = unitText.isEmpty ? "s" : unitText
    guard let size = units.first(where: { $0.name == unit })?.milliseconds else {
      throw BadValue("has an unknown unit '\(unitText)'; use ms, s, m, h, d or w, like 10s")
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: size)
    guard !overflow, product <= longest else { throw BadValue("is too long") }
    return Int64(product)
  }

  /// Text with the largest unit up to days that divides the duration.
  static func render(milliseconds: Int64) -> String {
    guard milliseconds != 0 else { return "0s" }
    let value = UInt64(max(0, milliseconds))
    let unit = units.dropFirst().first { value % $0.milliseconds == 0 }
    return unit.map { "\(value / $0.milliseconds)\($0.name)" } ?? "\(value)ms"
  }
}

/// The number a quantity starts with, and the unit after it.
func leadingNumber(_ text: String) throws(BadValue) -> (UInt64, String) {
  let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == "_") }
  guard !digits.isEmpty else {
    throw BadValue("must begin with a whole number")
  }
  guard let number = UInt64(digits.filter { $0 != "_" }) else { throw BadValue("is too large") }
  return (number, String(text[digits.endIndex...].drop { $0 == " " }))
}
