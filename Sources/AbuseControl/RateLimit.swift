/// How often something may happen.
///
/// The arithmetic is that of BIND's response rate limiting (ARM, "rate-limit"; P. Vixie and
/// V. Schryver, ISC-TN-2012-1), in continuous time: credit grows by `perSecond` each second up to
/// one second's worth; each event costs 1, also those over the limit; debt never exceeds a window's
/// worth, so that whoever stops is forgiven after a window at the latest.
public struct RateLimit: Sendable, Equatable {
  /// Time units a second has: 4 microseconds each, so that the fastest limit still has 25 per event.
  static let unitsPerSecond: Int64 = 250_000
  /// Highest rate, events a second.
  public static let fastest = 10_000
  /// Longest window, seconds (BIND's maximum).
  public static let longestWindow = 3_600
  /// Largest slip (BIND's maximum); it has 4 bits in the table.
  public static let largestSlip = 10

  /// Units an event costs.
  let cost: Int64
  /// Units that events may run ahead of the clock.
  let burst: Int64
  /// Most units that events run ahead of the clock, all debt included.
  let ceiling: Int64
  /// Every n-th event over the limit is marked; 0 marks none.
  let slip: UInt64
  /// Whether the first event over the limit already makes all the debt of a window.
  let isPenalty: Bool

  /// Sets a limit; values outside of the ranges are clamped.
  ///
  /// - Parameters:
  ///   - perSecond: events a second, 1 … `fastest`.
  ///   - burst: events at once after a pause; nil = one second's worth.
  ///   - window: seconds of debt, 0 … `longestWindow`; without debt, events over the limit are free,
  ///     so that the allowed number passes however many come.
  ///   - slip: 0 … `largestSlip`.
  ///   - isPenalty: whether the first event over the limit already makes all the debt of a window.
  public init(
    perSecond: Int, burst: Int? = nil, window: Int = 15, slip: Int = 0, isPenalty: Bool = false
  ) {
    let rate = Int64(min(max(perSecond, 1), Self.fastest))
    cost = Self.unitsPerSecond / rate
    let events = Int64(min(max(burst ?? Int(rate), 1), 1_000_000))
    self.burst = min(cost * events, Int64(Self.longestWindow) * Self.unitsPerSecond)
    ceiling = self.burst + Int64(min(max(window, 0), Self.longestWindow)) * Self.unitsPerSecond
    self.slip = UInt64(min(max(slip, 0), Self.largestSlip))
    self.isPenalty = isPenalty
  }
}

/// What a limit says of an event.
public enum RateVerdict: Sendable, Equatable {
  /// It may happen.
  case within
  /// It may not.
  case over
  /// It may not, and is one of those that `slip` marks.
  case slipped
}

extension RateLimit: CustomStringConvertible {
  /// As people say it.
  public var description: String {
    let perSecond = Double(Self.unitsPerSecond) / Double(max(cost, 1))
    let whole = Int(perSecond.rounded())
    return whole >= 1 ? "\(whole)/s" : "1 in \(Int((1 / perSecond).rounded())) s"
  }
}
