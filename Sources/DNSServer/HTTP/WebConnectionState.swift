/// What a connection of DNS over HTTPS may do next: limits on what is in work, and on time.
///
/// Pure, as `TCPConnectionState` is; the framing is HTTP's. Instants are nanoseconds of any
/// monotonic clock.
public struct WebConnectionState {
  private let settings: TCPSettings
  /// Queries handed on and not answered yet, those of streams the client has reset included: else
  /// resetting would start work without end (CVE-2023-44487).
  public private(set) var outstanding = 0
  private var handshakeBegan: Int64?
  private var lastActivity: Int64
  private var unsentSeen = 0
  private var inputEnded = false
  private var draining = false

  /// A connection just accepted.
  public init(settings: TCPSettings, usesTLS: Bool, at now: Int64) {
    self.settings = settings
    handshakeBegan = usesTLS ? now : nil
    lastActivity = now
  }

  /// Whether this connection may be closed to make room for another.
  public var isEvictable: Bool { outstanding == 0 }

  /// Whether the TLS handshake is yet to be done.
  public var isShakingHands: Bool { handshakeBegan != nil }

  /// Whether more is read.
  ///
  /// - Parameter unsent: octets of answers that flow control holds back.
  public func wantsOctets(unsent: Int) -> Bool {
    outstanding < TCPLimits.streams && unsent < settings.unsentOctets
  }

  /// Whether the connection is over: nothing is in work and nothing more will come.
  public var isFinished: Bool { (draining || inputEnded) && outstanding == 0 }

  /// Notes that the TLS handshake is done.
  public mutating func endHandshake(at now: Int64) {
    handshakeBegan = nil
    lastActivity = now
  }

  /// Notes a whole request.
  public mutating func began(at now: Int64) {
    outstanding += 1
    lastActivity = now
  }

  /// Notes that a query handed on is done with.
  public mutating func resolved(at now: Int64) {
    outstanding = max(0, outstanding - 1)
    lastActivity = now
  }

  /// Notes that the client has closed its side.
  public mutating func endInput() { inputEnded = true }

  /// Notes that the server stops.
  public mutating func drain() { draining = true }

  /// Says whether a time limit has passed, and which.
  ///
  /// - Parameters:
  ///   - unsent: octets of answers the client has not taken; taking some counts as activity.
  ///   - oldest: when the oldest request began that is not whole yet.
  public mutating func expiry(unsent: Int, oldest: Int64?, at now: Int64) -> TCPCloseReason? {
    if let handshakeBegan {
      return has(settings.handshakeTimeout, passedSince: handshakeBegan, now)
        ? .slowHandshake : nil
    }
    if let oldest, has(settings.messageTimeout, passedSince: oldest, now) { return .slowMessage }
    if unsent < unsentSeen { lastActivity = now }
    unsentSeen = unsent
    if outstanding > 0 || unsent > 0 {
      return has(settings.answerTimeout, passedSince: lastActivity, now) ? .stalled : nil
    }
    return has(settings.encryptedIdleTimeout, passedSince: lastActivity, now) ? .idle : nil
  }

  private func has(_ limit: Duration, passedSince start: Int64, _ now: Int64) -> Bool {
    now - start >= TCPConnectionState.nanoseconds(limit)
  }
}
