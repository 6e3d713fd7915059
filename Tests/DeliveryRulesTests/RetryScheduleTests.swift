import DeliveryRules
import Testing

@Suite struct RetryScheduleTests {
  private let schedule = RetrySchedule()
  private let second = RetrySchedule.second

  @Test("waits double up to the longest and never overflow")
  func doubling() {
    let waits = (1...5).map { schedule.wait(afterFailures: $0, chance: 0) / second }
    #expect(waits == [5, 10, 20, 40, 80])
    for failures in [20, 64, 1_000_000] {
      #expect(schedule.wait(afterFailures: failures, chance: 0) == schedule.longest)
    }
  }

  @Test("chance shortens a wait by up to a quarter")
  func jitter() {
    #expect(schedule.wait(afterFailures: 1, chance: 0.999) >= 5 * second * 3 / 4)
    #expect(schedule.wait(afterFailures: 1, chance: 0.5) < 5 * second)
  }

  @Test("what the receiver asks for is never undercut, but a century is not obeyed")
  func retryAfter() {
    #expect(schedule.wait(afterFailures: 1, asked: 120 * second, chance: 0) == 120 * second)
    #expect(schedule.wait(afterFailures: 1, asked: 1, chance: 0) == 5 * second)
    #expect(
      schedule.wait(afterFailures: 1, asked: .max, chance: 0) == RetrySchedule.longestAsked)
  }

  @Test("a clock that is set back does not stop deliveries")
  func clockSetBack() {
    let next: Int64 = 1_800_000_000 * second
    #expect(!schedule.due(next, now: next - 60 * second))
    #expect(schedule.due(next, now: next))
    #expect(schedule.due(next, now: next - 400 * 86_400 * second))
  }

  @Test("one message is tried for days")
  func days() {
    var now: Int64 = 0
    var tries = 0
    while !schedule.isExhausted(firstTried: 0, now: now) {
      tries += 1
      now += schedule.wait(afterFailures: tries, chance: 0)
    }
    #expect((20...40).contains(tries))
    #expect(now >= 75 * 3_600 * second)
  }
}
