import DNSServer

/// Streams of framed messages, and what the state machine makes of them.
enum Frames {
  struct Result: Equatable {
    var messages: [[UInt8]] = []
    var end = TCPConnectionState.Step.wait
  }

  /// Messages of the given lengths with octets that tell them apart.
  static func stream(lengths: [Int]) -> [UInt8] {
    lengths.enumerated().flatMap { index, length in
      frame((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) })
    }
  }

  static func frame(_ message: [UInt8]) -> [UInt8] {
    [UInt8(message.count >> 8), UInt8(message.count & 0xFF)] + message
  }

  /// Feeds chunks as an owner of the state machine does, answering each message at once.
  static func read(_ chunks: [[UInt8]]) -> Result {
    let state = Machine()
    var result = Result()
    var unread: [UInt8] = []
    for chunk in chunks {
      unread += chunk
      drain: while true {
        result.end = state.step(unread, at: 0)
        guard case .message(let length) = result.end else { break drain }
        result.messages.append(Array(unread[2..<(2 + length)]))
        unread.removeFirst(2 + length)
        state.resolved(answered: true, at: 0)
      }
      if case .close = result.end { return result }
    }
    return result
  }
}

/// Holds a state machine where `#expect` can reach it, which cannot take noncopyable values.
final class Machine {
  private var state: TCPConnectionState

  init(_ settings: TCPSettings = TCPSettings(), at now: Int64 = 0) {
    state = TCPConnectionState(settings: settings, at: now)
  }

  var outstanding: Int { state.outstanding }
  var wantsOctets: Bool { state.wantsOctets }
  var isEvictable: Bool { state.isEvictable }

  func step(
    _ unread: [UInt8], writable: Bool = true, at now: Int64
  ) -> TCPConnectionState.Step {
    state.step(unread: unread.span, writable: writable, at: now)
  }

  func resolved(answered: Bool, at now: Int64) { state.resolved(answered: answered, at: now) }
  func expiry(unsent: Int, at now: Int64) -> TCPCloseReason? {
    state.expiry(unsent: unsent, at: now)
  }
  func exceedsUnsent(_ unsent: Int) -> Bool { state.exceedsUnsent(unsent) }
  func endInput() { state.endInput() }
  func drain() { state.drain() }
}

/// A small repeatable generator: SplitMix64 by Steele, Lea and Flood (2014).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
