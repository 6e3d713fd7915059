/// When a delivery that failed is tried again: after waits that double, for days.
///
/// The waits are those of the Standard Webhooks recommendation (5 s … a day, some 75 h in all),
/// each shortened by up to a quarter by chance, so that many senders do not come back at once.
package struct RetrySchedule: Equatable, Sendable {
  /// Microseconds in a second.
  package static let second: Int64 = 1_000_000

  /// Wait after the first failure, microseconds.
  package var first = 5 * second
  /// Longest wait, microseconds.
  package var longest = 6 * 3_600 * second
  /// How long one message is tried before it is set aside, microseconds.
  package var giveUpAfter = 75 * 3_600 * second
  /// How often a message that the receiver refuses is tried before it is set aside.
  package var refusals = 3
  /// Longest wait a receiver may ask for, microseconds: a day.
  package static let longestAsked = 86_400 * second

  /// The defaults.
  package init() {}

  /// The wait after a number of failures in a row, microseconds.
  ///
  /// - Parameters:
  ///   - failures: at least 1.
  ///   - asked: what the receiver asked for (Retry-After), microseconds; it is never undercut.
  ///   - chance: 0..<1, drawn anew for each wait.
  package func wait(afterFailures failures: Int, asked: Int64 = 0, chance: Double) -> Int64 {
    let doublings = min(max(failures - 1, 0), 40)
    let (product, overflow) = first.multipliedReportingOverflow(by: 1 << Int64(doublings))
    let whole = overflow ? longest : min(product, longest)
    let shortened = whole - Int64(Double(whole) / 4 * min(max(chance, 0), 1))
    return max(shortened, min(max(asked, 0), Self.longestAsked))
  }

  /// Whether a message has been tried for long enough.
  package func isExhausted(firstTried: Int64, now: Int64) -> Bool {
    now - firstTried >= giveUpAfter
  }

  /// The instant of the next try as it stands now: a clock that was set back does not prolong a
  /// wait beyond the longest there is.
  package func due(_ next: Int64, now: Int64) -> Bool {
    next <= now || next - now > max(longest, Self.longestAsked)
  }
}
