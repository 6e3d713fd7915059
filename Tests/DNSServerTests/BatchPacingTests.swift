import DNSServer
import Testing

@Suite("Letting queries gather")
struct BatchPacingTests {
  /// The last pause after a second of `count` queries every `interval` microseconds.
  private func pause(longest: Int64, count: Int, every interval: Int64) -> Int64 {
    var pacing = BatchPacing(longest: longest)
    var pause: Int64 = 0
    for now in stride(from: interval, through: 1_000_000, by: Int(interval)) {
      pause = pacing.pause(after: count, at: Int64(now))
    }
    return pause
  }

  @Test("few queries are never delayed")
  func slow() {
    #expect(pause(longest: 300, count: 1, every: 1_000) == 0)
    #expect(pause(longest: 300, count: 1, every: 125) == 0)
  }

  @Test("many are, for the longest time allowed or until enough are expected")
  func quick() {
    #expect(pause(longest: 300, count: 1, every: 50) == 300)
    #expect(pause(longest: 300, count: 10, every: 100) == 160)
  }

  @Test("a full batch is followed at once by the next one")
  func full() {
    #expect(pause(longest: 300, count: 64, every: 400) == 0)
  }

  @Test("no query, no pause; and 0 switches pauses off")
  func off() {
    #expect(pause(longest: 0, count: 1, every: 50) == 0)
    var pacing = BatchPacing(longest: 300)
    _ = pacing.pause(after: 40, at: 2_000)
    #expect(pacing.pause(after: 40, at: 5_000) == 300)
    #expect(pacing.pause(after: 0, at: 5_100) == 0)
  }

  @Test("after a silence queries are not delayed until they come quickly again")
  func silence() {
    var pacing = BatchPacing(longest: 300)
    _ = pacing.pause(after: 40, at: 2_000)
    #expect(pacing.pause(after: 40, at: 5_000) == 300)
    #expect(pacing.pause(after: 1, at: 255_000) == 0)
  }
}
