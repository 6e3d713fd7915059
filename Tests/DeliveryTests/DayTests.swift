import Delivery
import DeliveryRules
import Evidence
import Exporters
import Foundation
import Testing

@Suite struct DayTests {
  private static let hour: Int64 = 3_600 * Desk.second

  private func filed(format: String = "csv") throws -> Desk {
    var desk = try Desk()
    let folder = desk.folder.path + "/out"
    let format = try #require(MessageFormat(named: format, options: ExportOptions()))
    desk.plan.target = .days {
      FileSink(folder: folder, tag: "soc", format: format, now: { Desk.noon })
    }
    return desk
  }

  private func files(_ desk: Desk) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: desk.folder.path + "/out")) ?? [])
      .sorted()
  }

  private func rows(_ desk: Desk, _ name: String) throws -> [String] {
    try desk.folder.text("out/\(name)").split(whereSeparator: \.isNewline).map(String.init)
  }

  @Test("a day's file appears when the day is over and settled, with one header")
  func oneFile() throws {
    let desk = try filed()
    for number in 1...150 { desk.feed.append(Desk.record(number, day: "2026-11-24")) }
    try desk.run(desk.runner())
    try desk.run(desk.runner(), now: Desk.noon + 12 * Self.hour + 899 * Desk.second)
    #expect(files(desk) == [])
    try desk.run(desk.runner(), now: Desk.noon + 12 * Self.hour + 900 * Desk.second)
    #expect(files(desk) == ["2026-11-24-csv-soc-all.csv"])
    let rows = try rows(desk, "2026-11-24-csv-soc-all.csv")
    #expect(rows.count == 151)
    #expect(rows.filter { $0 == rows[0] }.count == 1)
    #expect(try desk.state.delivered == 150)
  }

  @Test("the last revision of a day stands in its file; later ones make a further part")
  func revisions() throws {
    let desk = try filed(format: "json")
    desk.feed.append(Desk.record(1))
    desk.feed.append(Desk.record(1, revision: 2, change: .updated))
    desk.feed.append(Desk.record(2))
    desk.feed.append(Desk.record(2, revision: 2, change: .withdrawn))
    try desk.run(desk.runner())
    let first = try rows(desk, "2026-11-23-json-soc-all.jsonl")
    #expect(first.count == 1 && first[0].contains("\"revision\":2"))

    desk.feed.append(Desk.record(1, revision: 3, change: .closed))
    desk.feed.append(Desk.record(3))
    try desk.run(desk.runner())
    #expect(files(desk) == ["2026-11-23-json-soc-all.jsonl", "2026-11-23-json-soc-p2.jsonl"])
    #expect(try rows(desk, "2026-11-23-json-soc-p2.jsonl").count == 1)
    #expect(
      try desk.store.skips()["soc"] == [
        SkipReason.neverTold.rawValue: 1, SkipReason.noNews.rawValue: 1,
      ])
  }

  @Test("what was erased from the feed is not in the file")
  func erased() throws {
    let desk = try filed()
    for number in 1...3 { desk.feed.append(Desk.record(number, day: "2026-11-24")) }
    try desk.run(desk.runner())
    desk.feed.erase(2)
    try desk.run(desk.runner(), now: Desk.noon + 24 * Self.hour)
    #expect(try rows(desk, "2026-11-24-csv-soc-all.csv").count == 3)
    #expect(try desk.store.skips()["soc"] == [SkipReason.erased.rawValue: 1])
  }

  @Test("a folder that cannot be written keeps everything for later, and shows no half file")
  func noFolder() throws {
    let desk = try filed()
    _ = FileManager.default.createFile(atPath: desk.folder.path + "/out", contents: Data())
    desk.feed.append(Desk.record(1))
    guard case .at = try desk.run(desk.runner()) else {
      Issue.record("it should wait")
      return
    }
    try FileManager.default.removeItem(atPath: desk.folder.path + "/out")
    try desk.run(desk.runner(), now: Desk.noon + Self.hour)
    #expect(files(desk) == ["2026-11-23-csv-soc-all.csv"])
  }

  @Test("a file written by a process that was killed before it noted so is written again alike")
  func writtenTwice() throws {
    let desk = try filed()
    desk.feed.append(Desk.record(1))
    let folder = desk.folder.path + "/out"
    let format = try #require(MessageFormat(named: "csv", options: ExportOptions()))
    let sink = FileSink(folder: folder, tag: "soc", format: format, now: { Desk.noon })
    _ = try sink.publish(DayName(day: "2026-11-23", part: 1)) { try $0(Desk.record(1)) }
    let before = try desk.folder.text("out/2026-11-23-csv-soc-all.csv")
    try desk.run(desk.runner())
    #expect(files(desk).count == 1)
    #expect(try desk.folder.text("out/2026-11-23-csv-soc-all.csv") == before)
  }

  @Test("days are closed early when asked for")
  func closing() throws {
    let desk = try filed()
    desk.feed.append(Desk.record(1, day: "2026-11-24"))
    let runner = try desk.runner()
    try desk.run(runner)
    #expect(try runner.closeDays(now: Desk.noon) == false)
    #expect(files(desk) == ["2026-11-24-csv-soc-all.csv"])
  }

  @Test("a format that cannot express any record makes no file, and says why")
  func nothingToSay() throws {
    let desk = try filed(format: "event6_sinkhole")
    desk.feed.append(Desk.record(1))
    try desk.run(desk.runner())
    #expect(files(desk) == [])
    #expect(try desk.store.skips()["soc"]?.values.reduce(0, +) == 1)
  }

  @Test("a document that is refused is set aside whole, and made anew when asked for")
  func refusedDay() throws {
    var desk = try Desk()
    // Steps run on the test's own thread.
    nonisolated(unsafe) let mails = RefusingMail()
    desk.plan.target = .days { mails }
    for number in 1...2 { desk.feed.append(Desk.record(number)) }
    var now = Desk.noon
    while case .at(let next) = try desk.run(desk.runner(), now: now) { now = next }
    #expect(mails.tries == 3)
    #expect(try desk.store.deadLetters(of: "soc").count == 2)
    mails.refuses = false
    #expect(try desk.store.revive("soc") == 2)
    try desk.run(desk.runner(), now: now)
    #expect(mails.taken == 2)
  }
}

private final class RefusingMail: DaySink {
  var refuses = true
  var tries = 0
  var taken = 0

  func publish(
    _ name: DayName, records: (_ each: (InfectionRecord) throws -> Void) throws -> Void
  ) throws -> DayReceipt {
    tries += 1
    if refuses { throw SendFailure.refused("550 no") }
    try records { _ in taken += 1 }
    return DayReceipt(written: taken, skipped: [:])
  }
}
