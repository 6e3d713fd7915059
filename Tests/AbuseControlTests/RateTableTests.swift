import AbuseControl
import Addressing
import Testing
import WireSamples

@Suite struct RateTableTests {
  private let start: Int64 = 1_764_000_000_000_000
  private let second: Int64 = 1_000_000

  /// Verdicts on `count` events at one instant.
  private func charge(
    _ table: RateTable, _ limit: RateLimit, _ count: Int, key: UInt64 = 77, at now: Int64
  ) -> [RateVerdict] {
    (0..<count).map { _ in table.charge(key, limit, at: now) }
  }

  @Test("one second's worth passes, the rest is over, slip marks every n-th of those")
  func burstAndSlip() {
    let limit = RateLimit(perSecond: 5, window: 15, slip: 3)
    let verdicts = charge(RateTable(octets: 1_024), limit, 11, at: start)
    #expect(verdicts.prefix(5).allSatisfy { $0 == .within })
    #expect(Array(verdicts.dropFirst(5)) == [.over, .over, .slipped, .over, .over, .slipped])
  }

  @Test("slip 1 marks all of them, slip 0 none")
  func slipEnds() {
    let all = RateLimit(perSecond: 1, slip: 1)
    #expect(
      charge(RateTable(octets: 64), all, 4, at: start) == [.within] + [
        .slipped, .slipped, .slipped,
      ])
    let none = RateLimit(perSecond: 1, slip: 0)
    #expect(charge(RateTable(octets: 64), none, 3, at: start) == [.within, .over, .over])
  }

  @Test("events at the allowed rate pass for ever; a little faster, the excess is cut")
  func steadyRate() {
    let table = RateTable(octets: 1_024)
    let limit = RateLimit(perSecond: 10, window: 5)
    for event in 0..<1_000 {
      #expect(table.charge(1, limit, at: start + Int64(event) * second / 10) == .within)
    }
    let fast = (0..<1_000).map { table.charge(2, limit, at: start + Int64($0) * second / 20) }
    // Events over the limit cost too: once the second's worth is used up, nothing passes.
    #expect(fast.prefix(18).allSatisfy { $0 == .within })
    #expect(fast.dropFirst(20).allSatisfy { $0 == .over })
  }

  @Test("debt ends after the window: a flood of any length is forgiven then")
  func windowIsTheMostDebt() {
    let table = RateTable(octets: 1_024)
    let limit = RateLimit(perSecond: 10, window: 3)
    _ = charge(table, limit, 100_000, at: start)
    #expect(table.isOver(77, limit, at: start + 2 * second))
    #expect(table.charge(77, limit, at: start + 2 * second) == .over)
    #expect(!table.isOver(77, limit, at: start + 4 * second))
    #expect(charge(table, limit, 11, at: start + 6 * second).filter { $0 == .within }.count == 10)
  }

  @Test("without debt the allowed number passes, however many come")
  func noDebt() {
    let table = RateTable(octets: 1_024)
    let limit = RateLimit(perSecond: 10, window: 0)
    let passed = (0..<10_000).count { event in
      table.charge(3, limit, at: start + Int64(event) * second / 1_000) == .within
    }
    #expect((105...115).contains(passed), "\(passed)")
  }

  @Test("asking whether a key is over counts nothing")
  func isOverIsFree() {
    let table = RateTable(octets: 1_024)
    let limit = RateLimit(perSecond: 2)
    for _ in 0..<100 { #expect(!table.isOver(5, limit, at: start)) }
    #expect(charge(table, limit, 3, key: 5, at: start) == [.within, .within, .over])
    #expect(table.isOver(5, limit, at: start))
  }

  @Test("a penalty makes the first excess cost the whole window")
  func penalty() {
    let table = RateTable(octets: 1_024)
    let limit = RateLimit(perSecond: 10, burst: 4, window: 60, isPenalty: true)
    #expect(charge(table, limit, 5, at: start) == [.within, .within, .within, .within, .over])
    #expect(table.isOver(77, limit, at: start + 59 * second))
    #expect(!table.isOver(77, limit, at: start + 61 * second))
  }

  @Test("a clock that goes back, or decades ahead, neither traps nor locks a key for ever")
  func clocks() {
    let table = RateTable(octets: 64)
    let limit = RateLimit(perSecond: 1, window: 3_600)
    for now in [start, start - 10 * second, 0, -1, Int64.min, Int64.max, start] {
      _ = charge(table, limit, 10, at: now)
    }
    #expect(table.charge(77, limit, at: start + 4_000 * second) == .within)
  }

  @Test("keys do not share a limit as long as they fit; when too many come, the idlest give way")
  func keysAreApart() {
    let table = RateTable(octets: 1 << 16)
    let limit = RateLimit(perSecond: 3)
    var random = SeededGenerator(seed: testSeed())
    let keys = (0..<1_000).map { _ in random.next() }
    for _ in 0..<3 {
      for key in keys { #expect(table.charge(key, limit, at: start) == .within) }
    }
    #expect(keys.allSatisfy { table.isOver($0, limit, at: start) })
    // A million others, each seen once: those over their limit have no credit and stay.
    for _ in 0..<100_000 { _ = table.charge(random.next(), limit, at: start) }
    let remembered = keys.filter { table.isOver($0, limit, at: start) }.count
    #expect(remembered > 900, "\(remembered)")
  }

  @Test("threads that charge one key at once let through what one thread would")
  func contention() async {
    let table = RateTable(octets: 1_024)
    let limit = RateLimit(perSecond: 1_000)
    let (start, key) = (start, UInt64(9))
    let passed = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          (0..<2_000).count { _ in table.charge(key, limit, at: start) == .within }
        }
      }
      return await group.reduce(0, +)
    }
    #expect((1_000...1_010).contains(passed), "\(passed)")
  }

  @Test("limits out of range are clamped, not trapped")
  func extremes() {
    for limit in [
      RateLimit(perSecond: 0, burst: 0, window: 0, slip: -1),
      RateLimit(perSecond: .max, burst: .max, window: .max, slip: .max),
      RateLimit(perSecond: .min, burst: .min, window: .min, slip: .min),
    ] {
      #expect(RateTable(octets: 0).charge(1, limit, at: start) == .within)
    }
  }
}
