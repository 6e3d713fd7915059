/// Lets queries gather for a moment when they come quickly, as network cards do with interrupts.
///
/// Waking a thread for each datagram, and the client's side for each answer, costs more than
/// answering. A worker that is asked often therefore looks only so often, finds several queries at
/// once and sends their answers in one system call; an answer comes at most that much later.
/// Nothing is delayed while fewer than `worthwhileQueries` would gather.
public struct BatchPacing {
  /// Queries that must be expected within the longest pause to make it worth while.
  public static let worthwhileQueries: Int64 = 3
  /// Queries that are enough for one batch: beyond it the cost per query hardly falls.
  public static let enoughQueries: Int64 = 16
  /// A batch this large shows that queries queue up already.
  public static let largeBatch = 48
  /// Time over which the rate of queries is taken, microseconds.
  public static let rateWindow: Int64 = 5_000

  private let longest: Int64
  private var windowStart: Int64 = 0
  private var windowCount: Int64 = 0
  /// Queries a second in the last whole window.
  private var rate: Int64 = 0

  /// Paces with pauses of at most `longest` microseconds; 0 = none ever.
  public init(longest: Int64) {
    self.longest = longest
  }

  /// How long to let queries gather, microseconds, after `count` were answered at `now`
  /// (monotonic microseconds).
  public mutating func pause(after count: Int, at now: Int64) -> Int64 {
    windowCount += Int64(count)
    if now - windowStart >= Self.rateWindow {
      rate = windowCount * 1_000_000 / (now - windowStart)
      windowStart = now
      windowCount = 0
    }
    guard count > 0, count < Self.largeBatch,
      rate * longest >= Self.worthwhileQueries * 1_000_000
    else { return 0 }
    return min(longest, Self.enoughQueries * 1_000_000 / rate)
  }
}
