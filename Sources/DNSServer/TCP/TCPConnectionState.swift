/// Why a connection was closed.
public enum TCPCloseReason: Sendable, Equatable, CaseIterable {
  /// The client closed and has all its answers.
  case finished
  /// Nothing happened for the idle time.
  case idle
  /// The TLS handshake did not end in time.
  case slowHandshake
  /// A message was begun and not completed in time.
  case slowMessage
  /// Answers did not come, or the client did not take them, in time.
  case stalled
  /// A length below the DNS header's, or an end in the middle of a message.
  case malformed
  /// More unread answers, or more queries behind a pause, than may be held.
  case overload
  /// It made room for another connection.
  case evicted
  /// An answer of many messages could not be completed.
  case aborted
  /// The server stops.
  case shutdown
}

/// What one TCP connection does next: framing, pipelining, back-pressure, time limits and the end.
///
/// Pure: no sockets and no clock. The owner keeps the octets received and not yet used, asks
/// `step` what stands in front of them, and does what it is told. Instants are nanoseconds of any
/// monotonic clock.
public struct TCPConnectionState: ~Copyable {
  /// What the owner does next.
  public enum Step: Sendable, Equatable {
    /// A whole message of `length` octets stands behind the two length octets: take both away,
    /// hand the message on, and report what became of it with `resolved`.
    case message(length: Int)
    /// Wait for more octets.
    case wait
    /// Ask the kernel for no more octets until a later step says otherwise.
    case pause
    /// Send what is queued, then close.
    case close(TCPCloseReason)
  }

  private let settings: TCPSettings
  /// Queries handed on and not answered yet.
  public private(set) var outstanding = 0
  /// When a whole message last came or an answer last went.
  public private(set) var lastActivity: Int64
  private var messageBegan: Int64?
  private var handshakeBegan: Int64?
  private let idleTimeout: Duration
  private var unsentSeen = 0
  private var inputEnded = false
  private var draining = false

  /// A connection just accepted; over TLS the handshake comes first.
  public init(settings: TCPSettings, transport: Transport = .tcp, at now: Int64) {
    self.settings = settings
    idleTimeout = settings.idleTimeout(over: transport)
    handshakeBegan = transport == .tcp ? nil : now
    lastActivity = now
  }

  /// Whether the next octets may be asked of the kernel; the owner refuses them otherwise.
  public private(set) var wantsOctets = true

  /// Whether this connection may be closed to make room for another.
  public var isEvictable: Bool { outstanding == 0 }
}

// MARK: - Input

extension TCPConnectionState {
  /// Says what to do with `unread`, all octets received and not yet used.
  ///
  /// - Parameters:
  ///   - writable: false while the client leaves too many answers unread.
  public mutating func step(unread: Span<UInt8>, writable: Bool, at now: Int64) -> Step {
    if draining { return outstanding == 0 ? .close(.shutdown) : pause() }
    let wanted = Self.frameLength(unread)
    if let wanted, wanted < TCPLimits.messageOctets { return .close(.malformed) }
    guard let wanted, unread.count >= TCPLimits.lengthOctets + wanted else {
      return incomplete(unread.count, at: now)
    }
    guard writable, outstanding < settings.outstandingQueries else {
      return unread.count > TCPLimits.unreadOctets ? .close(.overload) : pause()
    }
    messageBegan = nil
    lastActivity = now
    outstanding += 1
    return .message(length: wanted)
  }

  /// The length in front of `unread`, nil when its two octets are not there yet.
  private static func frameLength(_ unread: Span<UInt8>) -> Int? {
    guard unread.count >= TCPLimits.lengthOctets else { return nil }
    return Int(unread[0]) << 8 | Int(unread[1])
  }

  private mutating func incomplete(_ octets: Int, at now: Int64) -> Step {
    if inputEnded {
      guard outstanding == 0 else { return pause() }
      return .close(octets > 0 ? .malformed : .finished)
    }
    wantsOctets = true
    if octets == 0 {
      messageBegan = nil
    } else if messageBegan == nil {
      messageBegan = now
    }
    return .wait
  }

  private mutating func pause() -> Step {
    wantsOctets = false
    // The rest of a message is not late while it is we who do not read.
    messageBegan = nil
    return .pause
  }

  /// Notes that the TLS handshake is done.
  public mutating func endHandshake(at now: Int64) {
    handshakeBegan = nil
    lastActivity = now
  }

  /// Notes that the client has closed its side (RFC 7766 §6.2.4: it may still want its answers).
  public mutating func endInput() { inputEnded = true }

  /// Notes that the server stops: no further message is taken.
  public mutating func drain() { draining = true }
}

// MARK: - Output

extension TCPConnectionState {
  /// Notes that one query handed on is done with, with an answer to send or without.
  public mutating func resolved(answered: Bool, at now: Int64) {
    outstanding = max(0, outstanding - 1)
    if answered { lastActivity = now }
  }

  /// Notes that one message of an answer of many has been made, because the client took others.
  public mutating func progressed(at now: Int64) { lastActivity = now }

  /// Whether a client that leaves `unsent` octets of answers unread is cut off.
  public func exceedsUnsent(_ unsent: Int) -> Bool { unsent > settings.unsentOctets }
}

// MARK: - Time

extension TCPConnectionState {
  /// Says whether a time limit has passed, and which.
  ///
  /// - Parameters:
  ///   - unsent: octets of answers the client has not taken; taking some counts as activity.
  public mutating func expiry(unsent: Int, at now: Int64) -> TCPCloseReason? {
    if let handshakeBegan {
      return now - handshakeBegan >= Self.nanoseconds(settings.handshakeTimeout)
        ? .slowHandshake : nil
    }
    if unsent < unsentSeen { lastActivity = now }
    unsentSeen = unsent
    let silence = now - lastActivity
    if outstanding > 0 || unsent > 0 {
      return silence >= Self.nanoseconds(settings.answerTimeout) ? .stalled : nil
    }
    if let messageBegan {
      return now - messageBegan >= Self.nanoseconds(settings.messageTimeout) ? .slowMessage : nil
    }
    return silence >= Self.nanoseconds(idleTimeout) ? .idle : nil
  }

  /// A duration in whole nanoseconds, as instants are counted.
  public static func nanoseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
  }
}
