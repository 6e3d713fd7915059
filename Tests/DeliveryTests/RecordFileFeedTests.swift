import Delivery
import Evidence
import Exporters
import Foundation
import Testing

@Suite struct RecordFileFeedTests {
  @Test("lines are entries; what is no record is passed over; the file may grow")
  func lines() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/records.jsonl"
    let line = { (number: Int) in
      CanonicalFormat.line(Desk.record(number), includesSubscriber: false) + "\n"
    }
    try (line(1) + "{]\n" + line(2)).write(toFile: path, atomically: false, encoding: .utf8)
    let feed = try RecordFileFeed(path: path, now: 7)
    #expect(try feed.newestSequence() == 3)
    #expect(try feed.entries(after: 0, limit: 9).map(\.sequence) == [1, 3])
    #expect(try feed.entries(after: 1, limit: 1).map(\.record.id) == [Desk.record(2).id])
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    let (half, rest) = (line(3).prefix(20), line(3).dropFirst(20))
    try handle.write(contentsOf: Data(half.utf8))
    #expect(try feed.newestSequence() == 3, "a half line is none yet")
    try handle.write(contentsOf: Data(rest.utf8))
    #expect(try feed.entries(after: 3, limit: 9).map(\.record.id) == [Desk.record(3).id])
  }
}
