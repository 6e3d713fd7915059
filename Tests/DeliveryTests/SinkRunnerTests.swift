import Delivery
import DeliveryRules
import Evidence
import Testing

@Suite struct SinkRunnerTests {
  private func ids(_ numbers: ClosedRange<Int>, revision: Int = 1) -> [String] {
    numbers.map { OutgoingMessage.id(of: Desk.record($0, revision: revision)) }
  }

  @Test("everything is sent once, in order, across restarts and batches")
  func inOrder() throws {
    let desk = try Desk()
    for number in 1...200 { desk.feed.append(Desk.record(number)) }
    try desk.run(desk.runner())
    for number in 201...230 { desk.feed.append(Desk.record(number)) }
    try desk.run(desk.runner())
    #expect(desk.sink.taken.map(\.id) == ids(1...230))
    #expect(desk.sink.offered.allSatisfy { $0.count <= SinkRunner.batch })
    #expect(try desk.state.delivered == 230)
  }

  @Test("a receiver that is away is tried again with growing waits, and nothing is lost")
  func away() throws {
    let desk = try Desk()
    for number in 1...3 { desk.feed.append(Desk.record(number)) }
    desk.sink.script = Array(
      repeating: SendOutcome(accepted: 0, failure: .unavailable("down")), count: 3)
    var now = Desk.noon
    var waits: [Int64] = []
    while case .at(let next) = try desk.run(desk.runner(), now: now) {
      waits.append((next - now) / Desk.second)
      now = next
    }
    #expect(waits == [5, 10, 20])
    #expect(desk.sink.taken.map(\.id) == ids(1...3))
    #expect(try desk.state.failures == 3)
    #expect(try desk.state.failuresInRow == 0)
  }

  @Test("what was taken before a failure is not sent again")
  func partly() throws {
    let desk = try Desk()
    for number in 1...5 { desk.feed.append(Desk.record(number)) }
    desk.sink.script = [
      SendOutcome(accepted: 2, failure: .unavailable("broke", wait: 90 * Desk.second))
    ]
    let next = try desk.run(desk.runner())
    #expect(next == .at(Desk.noon + 90 * Desk.second), "Retry-After is obeyed")
    try desk.run(desk.runner(), now: Desk.noon + 90 * Desk.second)
    #expect(desk.sink.offered == [ids(1...5), ids(3...5)])
  }

  @Test("a message that is refused three times is set aside, and taken when asked for")
  func refused() throws {
    let desk = try Desk()
    for number in 1...2 { desk.feed.append(Desk.record(number)) }
    desk.sink.script = Array(
      repeating: SendOutcome(accepted: 0, failure: .refused("HTTP status 400")), count: 3)
    var now = Desk.noon
    while case .at(let next) = try desk.run(desk.runner(), now: now) { now = next }
    #expect(desk.sink.taken.map(\.id) == ids(2...2))
    let letter = try #require(try desk.store.deadLetters(of: "soc").first)
    #expect(letter.message == ids(1...1)[0] && letter.tries == 3)
    #expect(letter.reason == "HTTP status 400")
    #expect(try desk.store.revive("soc") == 1)
    try desk.run(desk.runner(), now: now)
    #expect(desk.sink.taken.map(\.id) == ids(2...2) + ids(1...1))
    #expect(try desk.store.deadLetters(of: "soc").isEmpty)
  }

  @Test("a message nobody takes for days becomes a dead letter; the next is tried")
  func givenUp() throws {
    let desk = try Desk()
    for number in 1...2 { desk.feed.append(Desk.record(number)) }
    var now = Desk.noon
    while try desk.store.deadLetters(of: "soc").isEmpty {
      desk.sink.script = [SendOutcome(accepted: 0, failure: .unavailable("down"))]
      guard case .at(let next) = try desk.run(desk.runner(), now: now) else { break }
      now = next
    }
    #expect(now - Desk.noon >= 75 * 3_600 * Desk.second)
    desk.sink.script = []
    try desk.run(desk.runner(), now: now)
    #expect(desk.sink.taken.map(\.id) == ids(2...2))
  }

  @Test("410 switches a sink off until its settings change")
  func gone() throws {
    var desk = try Desk()
    desk.feed.append(Desk.record(1))
    desk.sink.script = [SendOutcome(accepted: 0, failure: .gone("HTTP status 410"))]
    #expect(try desk.run(desk.runner()) == .idle)
    #expect(try desk.run(desk.runner(), now: Desk.noon * 2) == .idle)
    #expect(desk.sink.offered.count == 1)
    desk.plan.fingerprint = "2"
    try desk.run(desk.runner(), now: Desk.noon * 2)
    #expect(desk.sink.taken.count == 1, "nothing is lost")
  }

  @Test("a withdrawal goes to whom was told, also within one batch; skips are counted by reason")
  func withdrawals() throws {
    let desk = try Desk()
    desk.feed.append(Desk.record(1))
    desk.feed.append(Desk.record(1, revision: 2, change: .withdrawn, gate: .recorded))
    desk.feed.append(Desk.record(2, gate: .recorded))
    desk.feed.append(Desk.record(2, revision: 2, change: .withdrawn, gate: .recorded))
    try desk.run(desk.runner())
    #expect(desk.sink.taken.map(\.id) == ids(1...1) + ids(1...1, revision: 2))
    #expect(
      try desk.store.skips()["soc"] == [
        SkipReason.gate.rawValue: 1, SkipReason.neverTold.rawValue: 1,
      ])
  }

  @Test("skips before a failure are counted once, however often the batch is tried")
  func skipsOnce() throws {
    let desk = try Desk()
    desk.feed.append(Desk.record(1, gate: .recorded))
    desk.feed.append(Desk.record(2))
    desk.feed.append(Desk.record(3, gate: .recorded))
    desk.sink.script = [SendOutcome(accepted: 0, failure: .unavailable("down"))]
    _ = try desk.run(desk.runner())
    try desk.run(desk.runner(), now: Desk.noon + 10 * Desk.second)
    #expect(try desk.store.skips()["soc"] == [SkipReason.gate.rawValue: 2])
  }

  @Test("a new sink is told of its backlog only")
  func backlog() throws {
    var desk = try Desk()
    desk.plan.backlog = 3_600 * Desk.second
    desk.feed.append(Desk.record(1), added: Desk.noon - 3_601 * Desk.second)
    desk.feed.append(Desk.record(2), added: Desk.noon - 3_600 * Desk.second)
    try SinkRunner(desk.plan, feed: desk.feed, store: desk.store).adopt(now: Desk.noon)
    try desk.run(desk.runner())
    #expect(desk.sink.taken.map(\.id) == ids(2...2))
    #expect(try desk.store.skips()["soc"] == [SkipReason.tooOld.rawValue: 1])
  }

  @Test("a feed that was begun anew is read from its beginning; old revisions are known")
  func feedRestarted() throws {
    let desk = try Desk()
    for number in 1...5 { desk.feed.append(Desk.record(number)) }
    try desk.run(desk.runner())
    desk.feed.restart()
    desk.feed.append(Desk.record(5))
    desk.feed.append(Desk.record(6))
    try desk.run(desk.runner())
    #expect(desk.sink.taken.map(\.id) == ids(1...6))
  }

  @Test("a process that is killed after sending repeats the same ids")
  func killed() throws {
    let desk = try Desk()
    for number in 1...3 { desk.feed.append(Desk.record(number)) }
    // Another store stands for the one whose commit never came.
    let lost = try DeliveryStore(path: desk.folder.path + "/lost.sqlite")
    let runner = SinkRunner(desk.plan, feed: desk.feed, store: lost, chance: { 0 })
    try runner.adopt(now: 0)
    _ = try runner.step(now: Desk.noon)
    try desk.run(desk.runner())
    #expect(desk.sink.taken.map(\.id) == ids(1...3) + ids(1...3))
  }

  @Test("a sink that cannot be made is tried again like one that is away")
  func cannotBeMade() throws {
    var desk = try Desk()
    desk.feed.append(Desk.record(1))
    desk.plan.target = .messages(nil) { throw SendFailure.unavailable("the secret is missing") }
    #expect(try desk.run(desk.runner()) == .at(Desk.noon + 5 * Desk.second))
    #expect(try desk.state.lastError == "the secret is missing")
  }
}
