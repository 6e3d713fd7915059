import Testing
import Transfers
import ZoneRecords

@Suite struct ScheduleTests {
  private func numbers(
    refresh: UInt32 = 100, retry: UInt32 = 10, expire: UInt32 = 1_000
  ) throws -> SOANumbers {
    var numbers = try #require(Sample.soa(1).soa)
    (numbers.refresh, numbers.retry, numbers.expire) = (refresh, retry, expire)
    return numbers
  }

  @Test("Refresh after success, retry after failure, expiry from the last success")
  func rounds() throws {
    var schedule = RefreshSchedule(at: 0)
    #expect(schedule.next == 0 && schedule.expiry == nil && !schedule.isExpired(at: 1 << 40))
    schedule.succeeded(try numbers(), at: 5)
    #expect(schedule.next == 105 && schedule.expiry == 1_005)
    schedule.failed(at: 105)
    #expect(schedule.next == 115)
    #expect(!schedule.isExpired(at: 1_004) && schedule.isExpired(at: 1_005))
    schedule.succeeded(try numbers(), at: 2_000)
    #expect(!schedule.isExpired(at: 2_000) && schedule.next == 2_100)
  }

  @Test("Without a copy the pauses double up to five minutes")
  func firstAttempts() {
    var schedule = RefreshSchedule(at: 0)
    var pauses: [Int64] = []
    var now: Int64 = 0
    for _ in 0..<10 {
      schedule.failed(at: now)
      pauses.append(schedule.next - now)
      now = schedule.next
    }
    #expect(pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
  }

  @Test("A notification means now, but not more often than once a second")
  func notified() throws {
    var schedule = RefreshSchedule(at: 0)
    schedule.began(at: 50)
    schedule.succeeded(try numbers(), at: 50)
    schedule.notified(at: 50)
    #expect(schedule.next == 51)
    schedule.notified(at: 80)
    #expect(schedule.next == 51, "never later than it was")
  }

  @Test("Numbers out of range are bounded; a clock that was ahead keeps nothing alive")
  func bounds() throws {
    var schedule = RefreshSchedule(at: 0)
    schedule.succeeded(try numbers(refresh: 0, retry: 0, expire: 0), at: 10)
    #expect(schedule.next == 11 && schedule.expiry == 11)
    schedule.succeeded(try numbers(refresh: .max), at: 10)
    #expect(schedule.next == 10 + RefreshSchedule.longest)
    schedule.restore(try numbers(), checkedAt: 1 << 50, at: 20)
    #expect(schedule.lastGood == 20 && schedule.next == 20)
    schedule.restore(try numbers(), checkedAt: 0, at: 5_000)
    #expect(schedule.isExpired(at: 5_000))
  }

  @Test("Serial numbers go round (RFC 1982)")
  func serials() {
    #expect(SerialNumber.isNewer(1, than: 0) && !SerialNumber.isNewer(0, than: 1))
    #expect(SerialNumber.isNewer(0, than: .max) && !SerialNumber.isNewer(5, than: 5))
    #expect(!SerialNumber.isNewer(1 << 31, than: 0), "left undefined by §3.2")
    #expect(SerialNumber.next(after: .max) == 1)
  }
}
