import Delivery
import DeliveryRules
import Evidence
import Exporters
import Foundation
import Testing

/// Clocks that are wrong for a while never lose a record, nor set one aside.
///
/// Such are those of machines that start before they have asked for the time, or are told a wrong one.
@Suite struct ClockTests {
  private static let year: Int64 = 365 * 86_400 * Desk.second
  private static let hour: Int64 = 3_600 * Desk.second
  private static let down = SendOutcome(accepted: 0, failure: .unavailable("down"))

  private func ids(_ numbers: ClosedRange<Int>) -> [String] {
    numbers.map { OutgoingMessage.id(of: Desk.record($0)) }
  }

  @Test("a clock set back by a year does not stop a sink")
  func back() throws {
    let desk = try Desk()
    desk.feed.append(Desk.record(1))
    desk.sink.script = [Self.down]
    _ = try desk.run(desk.runner())
    try desk.run(desk.runner(), now: Desk.noon - Self.year)
    #expect(desk.sink.taken.count == 1)
  }

  @Test(
    "a jump of the clock, there and back, sets nothing aside that was tried for a moment",
    arguments: [-50 * year, -year, -hour, hour, 100 * hour, year, 50 * year])
  func jumps(by jump: Int64) throws {
    let desk = try Desk()
    for number in 1...3 { desk.feed.append(Desk.record(number)) }
    var now = Desk.noon
    for leap in [0, jump, 0, -jump, 0] {
      desk.sink.script = [Self.down]
      guard case .at(let next) = try desk.run(desk.runner(), now: now + leap) else {
        Issue.record("it should wait")
        return
      }
      now = next
    }
    #expect(try desk.store.deadLetters(of: "soc").isEmpty)
    desk.sink.script = []
    // However long the clock says: at most a day passes before it is tried again.
    try desk.run(desk.runner(), now: now + RetrySchedule.longestAsked)
    #expect(desk.sink.taken.map(\.id) == ids(1...3))
  }

  @Test("neither jumps nor days without a server shorten or endlessly prolong what is tried")
  func trial() throws {
    let desk = try Desk()
    desk.feed.append(Desk.record(1))
    var (now, tried, tries) = (Desk.noon, Int64(0), 0)
    while try desk.store.deadLetters(of: "soc").isEmpty, tries < 100 {
      desk.sink.script = [Self.down]
      tries += 1
      guard case .at(let next) = try desk.run(desk.runner(), now: now) else { break }
      tried += next - now
      // By turns: nothing unusual, nobody there for nine days, a year ahead, and back again.
      now = next + [0, 216 * Self.hour, Self.year, -Self.year][tries % 4]
    }
    // A jump back leaves out the wait in which it falls, here each fourth.
    #expect(tried >= 75 * Self.hour && tried < 112 * Self.hour, "\(tried / Self.hour) h")
    #expect(try desk.store.deadLetters(of: "soc").map(\.tries) == [tries])
  }

  @Test("what became known while the clock was wrong is told as all else", arguments: [-1, 1])
  func wronglyDated(sign: Int64) throws {
    let desk = try Desk()
    _ = try desk.runner(made: Desk.noon)
    for (number, added) in [Desk.noon, Desk.noon + sign * Self.year, Desk.noon].enumerated() {
      desk.feed.append(Desk.record(number + 1), added: added)
      try desk.run(desk.runner(), now: added)
    }
    #expect(desk.sink.taken.map(\.id) == ids(1...3))
    #expect(try desk.store.skips()["soc"] ?? [:] == [:])
  }

  @Test("a sink that was made while the clock was ahead is told of what comes later")
  func madeAhead() throws {
    let desk = try Desk()
    _ = try desk.runner(made: Desk.noon + Self.year)
    desk.feed.append(Desk.record(1), added: Desk.noon)
    try desk.run(desk.runner())
    #expect(desk.sink.taken.map(\.id) == ids(1...1))
  }

  @Test("days that a wrong clock closed early get a further part", arguments: [-1, 1])
  func days(sign: Int64) throws {
    var desk = try Desk()
    let folder = desk.folder.path + "/out"
    let format = try #require(MessageFormat(named: "json", options: ExportOptions()))
    desk.plan.target = .days {
      FileSink(folder: folder, tag: "soc", format: format, now: { Desk.noon })
    }
    desk.feed.append(Desk.record(1, day: "2026-11-24"), added: Desk.noon)
    try desk.run(desk.runner(made: Desk.noon))
    try desk.run(desk.runner(), now: Desk.noon + sign * Self.year)
    desk.feed.append(Desk.record(2, day: "2026-11-24"), added: Desk.noon)
    try desk.run(desk.runner())
    try desk.run(desk.runner(), now: Desk.noon + 24 * Self.hour)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(
      files == ["2026-11-24-json-soc-all.jsonl"]
        + (sign > 0 ? ["2026-11-24-json-soc-p2.jsonl"] : []))
    let lines = try files.flatMap {
      try desk.folder.text("out/\($0)").split(whereSeparator: \.isNewline)
    }
    #expect(lines.count == 2 && lines.count == Set(lines).count)
  }
}
