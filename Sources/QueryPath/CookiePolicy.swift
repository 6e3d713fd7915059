package import ClientIdentity

/// How DNS cookies are made and when they are required (RFC 7873, RFC 9018).
package struct CookiePolicy: Sendable, Equatable {
  /// When a client must show a server cookie, or come over TCP.
  package enum Requirement: Sendable, Equatable {
    /// Never: cookies are answered and valid ones noted.
    case never
    /// While more is asked than a bound.
    case underPressure
    /// Always.
    case always
  }

  /// What makes and checks server cookies.
  package var secrets: CookieSecrets
  /// When they are required.
  package var requirement = Requirement.underPressure
  /// UDP queries a second of one worker above which there is pressure.
  package var pressureQueries = 500_000
  /// Questions being resolved, in all, above which there is pressure.
  package var pressureRecursions = 4_096

  /// The defaults with these secrets.
  package init(secrets: CookieSecrets) { self.secrets = secrets }
}

/// Notices when one worker is asked more than the bounds allow.
///
/// Looked at every so many queries and not for each, so that it costs next to nothing.
struct CookiePressure {
  /// Queries between two looks.
  private static let stride = 64
  /// Least time over which the rate is taken, and for which pressure lasts, microseconds.
  private static let window: Int64 = 100_000

  private var windowStart: Int64 = 0
  private var windowCount = 0
  private(set) var isOn = false

  /// Counts a query at `now` (microseconds) and says whether there is pressure.
  ///
  /// - Parameter recursions: the questions being resolved; asked seldom.
  mutating func note(at now: Int64, _ policy: CookiePolicy, recursions: () -> Int) -> Bool {
    windowCount += 1
    guard isOn || windowCount % Self.stride == 1 else { return false }
    let elapsed = now &- windowStart
    // A clock that was set back starts a new window.
    guard elapsed < 0 || elapsed >= Self.window else {
      // More than the bound within part of a window is pressure already.
      if tooMany(windowCount, in: Self.window, policy) { isOn = true }
      return isOn
    }
    isOn =
      tooMany(windowCount, in: max(elapsed, 1), policy) || recursions() > policy.pressureRecursions
    windowStart = now
    windowCount = 1
    return isOn
  }

  private func tooMany(_ count: Int, in microseconds: Int64, _ policy: CookiePolicy) -> Bool {
    // Multiplied out, so that no rate is rounded: count / time > bound / second.
    let (scaled, overflowed) = Int64(count).multipliedReportingOverflow(by: 1_000_000)
    return overflowed || scaled / microseconds > Int64(policy.pressureQueries)
  }
}
