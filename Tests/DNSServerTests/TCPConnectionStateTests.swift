import DNSServer
import Testing

@Suite("TCP connection state machine")
struct TCPConnectionStateTests {
  @Test("every split point of a stream gives the same messages")
  func everySplit() {
    let stream = Frames.stream(lengths: [12, 40, 13, 300, 12])
    let whole = Frames.read([stream])
    #expect(whole.messages.map(\.count) == [12, 40, 13, 300, 12])
    for cut in 0...stream.count {
      #expect(Frames.read([Array(stream[..<cut]), Array(stream[cut...])]) == whole)
    }
  }

  @Test("every pair of split points of a short stream gives the same messages")
  func everyPairOfSplits() {
    let stream = Frames.stream(lengths: [12, 17, 12])
    let whole = Frames.read([stream])
    for first in 0...stream.count {
      for second in first...stream.count {
        let chunks = [stream[..<first], stream[first..<second], stream[second...]]
        #expect(Frames.read(chunks.map { Array($0) }) == whole)
      }
    }
  }

  @Test("random chunks of random streams give the same messages", arguments: 0..<50)
  func randomChunks(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let lengths = (0..<40).map { _ in Int.random(in: 12...900, using: &random) }
    let stream = Frames.stream(lengths: lengths + [65_535])
    var chunks: [[UInt8]] = []
    var rest = stream[...]
    while !rest.isEmpty {
      let size = Int.random(in: 1...1_500, using: &random)
      chunks.append(Array(rest.prefix(size)))
      rest = rest.dropFirst(size)
    }
    #expect(Frames.read(chunks).messages.map(\.count) == lengths + [65_535])
  }

  @Test("octet by octet works too")
  func octetByOctet() {
    let stream = Frames.stream(lengths: [12, 12, 50])
    #expect(Frames.read(stream.map { [$0] }) == Frames.read([stream]))
  }

  @Test("a length below the header's ends the connection", arguments: 0..<12)
  func shortLength(length: Int) {
    let stream =
      Frames.stream(lengths: [12]) + [0, UInt8(length)] + [UInt8](repeating: 0, count: 20)
    let result = Frames.read([stream])
    #expect(result.messages.count == 1)
    #expect(result.end == .close(.malformed))
  }

  @Test("reading pauses at the limit of outstanding queries and goes on behind an answer")
  func outstandingLimit() {
    var settings = TCPSettings()
    settings.outstandingQueries = 2
    let state = Machine(settings)
    let frame = Frames.stream(lengths: [12])
    for _ in 0..<2 { #expect(state.step(frame, at: 1) == .message(length: 12)) }
    #expect(state.outstanding == 2)
    #expect(state.step(frame, at: 1) == .pause)
    #expect(!state.wantsOctets)
    state.resolved(answered: true, at: 2)
    #expect(state.step(frame, at: 2) == .message(length: 12))
    #expect(state.step([], at: 2) == .wait)
    #expect(state.wantsOctets)
  }

  @Test("a client that takes no answers is not read from")
  func unwritable() {
    let state = Machine()
    let frame = Frames.stream(lengths: [12])
    #expect(state.step(frame, writable: false, at: 1) == .pause)
    #expect(!state.wantsOctets)
    #expect(state.step(frame, writable: true, at: 1) == .message(length: 12))
  }

  @Test("more queries behind a pause than may be held end the connection")
  func unreadLimit() {
    let state = Machine()
    let most = Frames.stream(lengths: [12]) + [UInt8](repeating: 0, count: TCPLimits.unreadOctets)
    #expect(state.step(most, writable: false, at: 1) == .close(.overload))
    #expect(state.exceedsUnsent(TCPLimits.unsentOctets + 1))
    #expect(!state.exceedsUnsent(TCPLimits.unsentOctets))
  }

  @Test("a client that closed its side still gets its answers")
  func halfClose() {
    let state = Machine()
    let frame = Frames.stream(lengths: [12])
    #expect(state.step(frame + frame, at: 1) == .message(length: 12))
    state.endInput()
    #expect(state.step(frame, at: 1) == .message(length: 12))
    #expect(state.step([], at: 1) == .pause)
    state.resolved(answered: true, at: 2)
    #expect(state.step([], at: 2) == .pause)
    state.resolved(answered: true, at: 3)
    #expect(state.step([], at: 3) == .close(.finished))
  }

  @Test("an end within a message is malformed, but answers in flight go out first")
  func endWithinMessage() {
    let state = Machine()
    #expect(state.step(Frames.stream(lengths: [12]), at: 1) == .message(length: 12))
    state.endInput()
    #expect(state.step([0, 12, 1], at: 1) == .pause)
    state.resolved(answered: true, at: 2)
    #expect(state.step([0, 12, 1], at: 2) == .close(.malformed))
  }

  @Test("draining takes no more queries and closes behind the last answer")
  func draining() {
    let state = Machine()
    let frame = Frames.stream(lengths: [12])
    #expect(state.step(frame, at: 1) == .message(length: 12))
    state.drain()
    #expect(state.step(frame, at: 1) == .pause)
    #expect(!state.isEvictable)
    state.resolved(answered: false, at: 2)
    #expect(state.step(frame, at: 2) == .close(.shutdown))
  }
}

@Suite("TCP time limits")
struct TCPTimeLimitTests {
  static let second: Int64 = 1_000_000_000

  @Test("an idle connection ends after the idle time, counted from the last message or answer")
  func idle() {
    let state = Machine()
    #expect(state.expiry(unsent: 0, at: 10 * Self.second - 1) == nil)
    #expect(state.expiry(unsent: 0, at: 10 * Self.second) == .idle)
    #expect(state.step(Frames.stream(lengths: [12]), at: 9 * Self.second) == .message(length: 12))
    state.resolved(answered: true, at: 12 * Self.second)
    #expect(state.expiry(unsent: 0, at: 21 * Self.second) == nil)
    #expect(state.expiry(unsent: 0, at: 22 * Self.second) == .idle)
  }

  @Test("octets that trickle in do not keep a connection open")
  func slowMessage() {
    let state = Machine()
    var unread: [UInt8] = []
    for instant in 5..<15 {
      unread.append(unread.isEmpty ? 1 : 0)
      #expect(state.step(unread, at: Int64(instant) * Self.second) == .wait)
      #expect(state.expiry(unsent: 0, at: Int64(instant) * Self.second) == nil)
    }
    #expect(state.expiry(unsent: 0, at: 15 * Self.second) == .slowMessage)
  }

  @Test("the rest of a message is not late while we do not read")
  func pausedMessage() {
    var settings = TCPSettings()
    settings.outstandingQueries = 1
    let state = Machine(settings)
    let frame = Frames.stream(lengths: [12])
    #expect(state.step(frame, at: 0) == .message(length: 12))
    #expect(state.step([0], at: 1) == .wait)
    #expect(state.step(frame, at: 2) == .pause)
    state.resolved(answered: true, at: 25 * Self.second)
    #expect(state.expiry(unsent: 0, at: 26 * Self.second) == nil)
  }

  @Test("a connection that waits for answers outlives the idle time, not the answer time")
  func stalledAnswers() {
    let state = Machine()
    #expect(state.step(Frames.stream(lengths: [12]), at: 0) == .message(length: 12))
    #expect(state.expiry(unsent: 0, at: 29 * Self.second) == nil)
    #expect(state.expiry(unsent: 0, at: 30 * Self.second) == .stalled)
  }

  @Test("a client that takes its answers slowly is kept, one that takes none is not")
  func stalledReader() {
    let state = Machine()
    var unsent = 100_000
    for instant in stride(from: Int64(10), through: 100, by: 10) {
      #expect(state.expiry(unsent: unsent, at: instant * Self.second) == nil)
      unsent -= 1_000
    }
    unsent += 1_000
    #expect(state.expiry(unsent: unsent, at: 129 * Self.second) == nil)
    #expect(state.expiry(unsent: unsent, at: 130 * Self.second) == .stalled)
  }

  @Test("the default limits fit each other")
  func limitsFit() {
    #expect(TCPLimits.unsentPauseOctets < TCPLimits.unsentOctets)
    #expect(TCPLimits.idleTimeout <= TCPLimits.answerTimeout)
    #expect(TCPLimits.connectionsPerClient < TCPLimits.connections)
    // What the kernel may still deliver behind a pause: twice the buffer asked for, and one read.
    #expect(3 * Int(TCPLimits.receiveBufferOctets) <= TCPLimits.unreadOctets)
  }
}
