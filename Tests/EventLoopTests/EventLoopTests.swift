import CEventLoop
import Foundation
import Testing

/// The loop that libunbound runs on, through its own interface.
///
/// Waits are bounded by the loop's own time-outs; what is asserted are counts and order.
@Suite struct EventLoopTests {
  private let loop: LoopUnderTest

  init() throws { loop = try LoopUnderTest() }

  // MARK: - Timers

  @Test("Timers expire in the order of their time-outs, once each")
  func timersInOrder() {
    for delay in [30, 5, 0, 70, 12] as [Int64] { loop.timer(delay) }
    loop.run(until: 5)
    #expect(loop.delays == [0, 5, 12, 30, 70])
    #expect(loop.runOnce(20) == 0)
  }

  @Test("A timer of no time expires before the loop waits for anything")
  func noTime() {
    loop.timer(0)
    let start = ContinuousClock.now
    #expect(loop.runOnce(40) == 1)
    // It did wait afterwards: nothing else was due.
    #expect(ContinuousClock.now - start >= .milliseconds(39))
  }

  @Test("A wait without a limit ends with a timer, also after a shorter one was waited for in vain")
  func alarm() {
    let first = loop.timer(20)
    #expect(loop.runOnce(0) == 0)
    #expect(loop.runOnce(5) == 0)
    ponor_event_stop(first)
    loop.timer(60)
    let start = ContinuousClock.now
    while loop.delays.isEmpty, ContinuousClock.now - start < .seconds(5) { _ = loop.runOnce(-1) }
    #expect(loop.delays == [60])
  }

  @Test(
    "A timer of no time that is set again by its callback comes with the next round, not the same")
  func noTimeAgain() {
    let event = loop.timer(0)
    loop.onCallback = { ponor_event_start(event, 0) }
    #expect(loop.runOnce(0) == 2, "once before waiting, once after")
    #expect(loop.runOnce(0) == 2)
  }

  @Test("A timer is not early")
  func notEarly() {
    for delay in [1, 3, 4, 5, 50] as [Int64] { loop.timer(delay) }
    loop.run(until: 5)
    #expect(loop.earliness.count == 5)
    #expect(loop.earliness.allSatisfy { $0 <= 0 })
  }

  @Test("A timer further ahead than the wheel is round waits for its round")
  func longTimer() {
    loop.timer(2_300)  // the wheel has 512 lists of 4 ms
    loop.timer(100)
    loop.run(until: 2)
    #expect(loop.delays == [100, 2_300])
  }

  @Test("A timer that was stopped or set anew does not expire at its former time")
  func stopped() {
    let first = loop.timer(10)
    let second = loop.timer(10)
    ponor_event_stop(first)
    loop.restart(second, 60)
    loop.run(until: 1)
    #expect(loop.delays == [60])
    #expect(loop.earliness.allSatisfy { $0 <= 0 })
    #expect(loop.runOnce(20) == 0)
  }

  @Test("One of two timers that are due stops the other")
  func stopsOther() {
    let events = [loop.timer(4), loop.timer(4)]
    loop.onCallback = { for event in events { ponor_event_stop(event) } }
    usleep(20_000)
    #expect(loop.runOnce(0) == 1)
    #expect(loop.runOnce(20) == 0)
  }

  @Test("Many timers, started, stopped and set anew at random, expire when they are due")
  func manyTimers() {
    var chance = SystemRandomNumberGenerator()
    var expected = 0
    for _ in 0..<2_000 {
      let event = loop.timer(.random(in: 0...400, using: &chance))
      switch Int.random(in: 0..<3, using: &chance) {
      case 0: ponor_event_stop(event)
      case 1:
        loop.restart(event, .random(in: 0...400, using: &chance))
        expected += 1
      default: expected += 1
      }
    }
    loop.run(until: expected)
    #expect(loop.delays.count == expected)
    #expect(loop.runOnce(10) == 0)
    #expect(loop.earliness.allSatisfy { $0 <= 0 }, "none came early")
  }

  // MARK: - Descriptors

  @Test("A socket is called back while it can be read, and only once unless it goes on")
  func readable() throws {
    let pair = try loop.pair()
    loop.event(pair.near, PONOR_READ)
    pair.send()
    #expect(loop.runOnce(1_000) == 1)
    #expect(loop.told == [Int16(PONOR_READ)])
    #expect(loop.runOnce(10) == 0, "not waiting any more, though it can be read")
  }

  @Test("A persistent event goes on, and its time-out starts anew")
  func persistent() throws {
    let pair = try loop.pair()
    loop.event(pair.near, PONOR_READ | PONOR_PERSIST, 60)
    pair.send()
    #expect(loop.runOnce(1_000) == 1)
    #expect(loop.runOnce(1_000) == 1, "still readable")
    pair.receive()
    let start = ContinuousClock.now
    #expect(loop.runOnce(1_000) == 1)
    #expect(ContinuousClock.now - start >= .milliseconds(50))
    #expect(loop.told == [Int16(PONOR_READ), Int16(PONOR_READ), Int16(PONOR_TIMEOUT)])
  }

  @Test("Reading and writing are told apart")
  func writable() throws {
    let pair = try loop.pair()
    loop.event(pair.near, PONOR_READ | PONOR_WRITE)
    #expect(loop.runOnce(1_000) == 1)
    #expect(loop.told == [Int16(PONOR_WRITE)])
  }

  @Test("Whoever waits for a socket is told that the other end has gone")
  func hangUp() throws {
    let pair = try loop.pair()
    loop.event(pair.near, PONOR_READ)
    pair.closeFar()
    #expect(loop.runOnce(1_000) == 1)
    #expect(loop.told == [Int16(PONOR_READ)])
  }

  @Test("An event stopped by another's callback is not called back though it was due")
  func stoppedWhileDue() throws {
    let pairs = try (0..<2).map { _ in try loop.pair() }
    let events = pairs.map { loop.event($0.near, PONOR_READ | PONOR_PERSIST) }
    loop.onCallback = { for event in events { ponor_event_stop(event) } }
    for pair in pairs { pair.send() }
    #expect(loop.runOnce(1_000) == 1)
    #expect(loop.runOnce(10) == 0)
  }

  @Test("A socket that takes the number of a closed one is waited for as itself")
  func sameNumber() throws {
    for _ in 0..<50 {
      let pair = try loop.pair()
      let event = loop.event(pair.near, PONOR_READ | PONOR_PERSIST, 5_000)
      pair.send()
      #expect(loop.runOnce(1_000) == 1)
      ponor_event_stop(event)
      pair.close()
    }
    #expect(loop.told.count == 50)
    #expect(ponor_loop_rebuilds(loop.pointer) == 0)
  }

  @Test("A socket that was stopped and not closed can be waited for again")
  func startedAgain() throws {
    let pair = try loop.pair()
    let event = loop.event(pair.near, PONOR_READ | PONOR_PERSIST)
    ponor_event_stop(event)
    pair.send()
    #expect(loop.runOnce(10) == 0, "nobody waits")
    ponor_event_start(event, -1)
    #expect(loop.runOnce(1_000) == 1)
  }

  @Test("A closed socket that another process still holds is given up, and the loop comes to rest")
  func heldElsewhere() throws {
    let pair = try loop.pair()
    let event = loop.event(pair.near, PONOR_READ | PONOR_PERSIST)
    // A copy stands for another process's: the kernel keeps the socket in epoll.
    let copy = dup(pair.near)
    defer { Foundation.close(copy) }
    ponor_event_stop(event)
    pair.send()
    pair.closeNear()
    #expect(loop.runOnce(50) == 0)
    #expect(ponor_loop_rebuilds(loop.pointer) == 1)
    let other = try loop.pair()
    loop.event(other.near, PONOR_READ | PONOR_PERSIST)
    other.send()
    #expect(loop.runOnce(1_000) == 1, "others are served")
    other.receive()
    // A round may end early, with what was left of an earlier wait.
    #expect(loop.runOnce(60) == 0)
    let start = ContinuousClock.now
    #expect(loop.runOnce(30) == 0)
    #expect(ContinuousClock.now - start >= .milliseconds(29), "it waits, and does not spin")
  }

  @Test("So is one whose number has gone to a socket that is waited for")
  func heldElsewhereSameNumber() throws {
    let pair = try loop.pair()
    let event = loop.event(pair.near, PONOR_READ | PONOR_PERSIST)
    let copy = dup(pair.near)
    defer { Foundation.close(copy) }
    ponor_event_stop(event)
    pair.send()
    let other = try loop.pair()
    // The new socket under the old number.
    #expect(dup2(other.near, pair.near) == pair.near)
    loop.event(pair.near, PONOR_READ | PONOR_PERSIST)
    #expect(loop.runOnce(30) == 0)
    #expect(ponor_loop_rebuilds(loop.pointer) == 1)
    other.send()
    #expect(loop.runOnce(1_000) == 1)
  }
}
