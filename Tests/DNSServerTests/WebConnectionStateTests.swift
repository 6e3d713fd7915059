import DNSServer
import Testing

@Suite struct WebConnectionStateTests {
  private static let second: Int64 = 1_000_000_000

  private func state(tls: Bool = false) -> WebConnectionState {
    var settings = TCPSettings()
    settings.handshakeTimeout = .seconds(2)
    settings.messageTimeout = .seconds(5)
    settings.encryptedIdleTimeout = .seconds(10)
    settings.answerTimeout = .seconds(20)
    return WebConnectionState(settings: settings, usesTLS: tls, at: 0)
  }

  @Test("a handshake has its own time-out, after it the idle one counts")
  func handshake() {
    var state = state(tls: true)
    #expect(state.expiry(unsent: 0, oldest: nil, at: 2 * Self.second - 1) == nil)
    #expect(state.expiry(unsent: 0, oldest: nil, at: 2 * Self.second) == .slowHandshake)
    state.endHandshake(at: Self.second)
    #expect(state.expiry(unsent: 0, oldest: nil, at: 11 * Self.second - 1) == nil)
    #expect(state.expiry(unsent: 0, oldest: nil, at: 11 * Self.second) == .idle)
  }

  @Test("a request that is never whole ends the connection, also a busy one")
  func slowRequest() {
    var state = state()
    state.began(at: 6 * Self.second)
    #expect(state.expiry(unsent: 0, oldest: 2 * Self.second, at: 6 * Self.second) == nil)
    #expect(state.expiry(unsent: 0, oldest: 2 * Self.second, at: 7 * Self.second) == .slowMessage)
  }

  @Test("answers that do not come or are not taken are waited for; taking some is activity")
  func stalled() {
    var state = state()
    state.began(at: 0)
    #expect(!state.isEvictable)
    #expect(state.expiry(unsent: 0, oldest: nil, at: 19 * Self.second) == nil)
    #expect(state.expiry(unsent: 0, oldest: nil, at: 20 * Self.second) == .stalled)
    state.resolved(at: 20 * Self.second)
    #expect(state.isEvictable)
    #expect(state.expiry(unsent: 100, oldest: nil, at: 39 * Self.second) == nil)
    #expect(state.expiry(unsent: 50, oldest: nil, at: 45 * Self.second) == nil)
    #expect(state.expiry(unsent: 50, oldest: nil, at: 65 * Self.second) == .stalled)
  }

  @Test("no more is read while as many queries as allowed are in work, or answers are held back")
  func backPressure() {
    var state = state()
    for _ in 0..<TCPLimits.streams {
      #expect(state.wantsOctets(unsent: 0))
      state.began(at: 0)
    }
    #expect(!state.wantsOctets(unsent: 0))
    state.resolved(at: 0)
    #expect(state.wantsOctets(unsent: 0))
    #expect(!state.wantsOctets(unsent: TCPLimits.unsentOctets))
  }

  @Test("it is over when the client has closed its side, or we stop, and all answers are out")
  func end() {
    var state = state()
    state.began(at: 0)
    state.endInput()
    #expect(!state.isFinished)
    state.resolved(at: 0)
    #expect(state.isFinished)
    var draining = self.state()
    #expect(!draining.isFinished)
    draining.drain()
    #expect(draining.isFinished)
  }
}
