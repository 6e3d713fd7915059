/// The English names of months and weekdays, as C's `asctime` and `strftime` and Windows'
/// `GetDateFormat` write them.
public enum EnglishNames {
  /// The months; January is at 0.
  public static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  /// The days of the week; Sunday is at 0, as in `Instant.weekday`.
  public static let weekdays = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]

  /// The name of a month, 1 to 12, or its first letters.
  public static func month(_ number: Int, letters: Int = .max) -> String {
    String(months[number - 1].prefix(letters))
  }

  /// The name of a day of the week, 0 (Sunday) to 6, or its first letters.
  public static func weekday(_ number: Int, letters: Int = .max) -> String {
    String(weekdays[number].prefix(letters))
  }
}
