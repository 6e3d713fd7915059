import Foundation
import ListSources
import Testing

@Suite struct SourceStampTests {
  @Test("a stamp changes when a file appears, grows, is replaced or vanishes, and only then")
  func changes() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let feed = try directory.write("feed.csv", "a.b,f\n")
    try FileManager.default.createDirectory(
      atPath: directory.path + "/seeds.d", withIntermediateDirectories: true)
    let paths = [feed, directory.path + "/seeds.d", directory.path + "/missing"]
    let first = SourceStamp(paths: paths)
    #expect(SourceStamp(paths: paths) == first)
    #expect(SourceStamp(paths: paths.reversed() + paths) == first)

    let seed = try directory.write("seeds.d/n.yaml", "")
    let second = SourceStamp(paths: paths)
    #expect(second.changedPaths(since: first) == [seed])

    try directory.write("feed.csv", "a.b,f\nc.d,f\n")
    let third = SourceStamp(paths: paths)
    #expect(third.changedPaths(since: second) == [feed])

    // Same size and, perhaps, the same time: the inode tells.
    let other = try directory.write("new", "A.B,f\nc.d,f\n")
    try FileManager.default.removeItem(atPath: feed)
    try FileManager.default.moveItem(atPath: other, toPath: feed)
    let fourth = SourceStamp(paths: paths)
    #expect(fourth.changedPaths(since: third) == [feed])

    try FileManager.default.removeItem(atPath: seed)
    try directory.write("missing", "")
    #expect(
      SourceStamp(paths: paths).changedPaths(since: fourth)
        == [directory.path + "/missing", seed].sorted())
  }

  @Test("editors' hidden files in a directory do not count")
  func hidden() throws {
    let directory = try TemporaryDirectory()
    defer { directory.remove() }
    let before = SourceStamp(paths: [directory.path])
    try directory.write(".n.yaml.swp", "x")
    #expect(SourceStamp(paths: [directory.path]) == before)
  }
}
