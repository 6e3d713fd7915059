import Addressing
import Foundation
import Settings
import Testing

@Suite struct ReadingTests {
  @Test(
    "nothing to read means the defaults",
    arguments: ["", "\n", "# only a comment\n", "---\n", "~", "server:\n", "server: {}\nhits:\n"])
  func emptyIsDefault(yaml: String) throws {
    #expect(try parsed(yaml) == Settings())
  }

  @Test("DESIGN §8's example is accepted")
  func designExample() throws {
    let settings = try parsed(
      """
      server:   { listen: ["127.0.0.1:5300"], workers: auto }
      data_dir: ./var
      resolution: { mode: recursive, upstreams: ["127.0.0.1:5307"] }
      access:   { recursion: ["127.0.0.0/8", "::1/128"] }
      sinkhole: { ipv4: ["192.0.2.53"], ipv6: ["2001:db8::53"], ttl: 60 }
      models:   { families: all, days_before: 7, days_after: 2, seeds: ["seeds.d"], wordlists: "wordlists" }
      feeds:    [ { path: feed.csv } ]
      zones:    [ { name: example.net, file: example.net.zone } ]
      http:     { listen: "127.0.0.1:8053" }
      """, directory: "/etc/ponor")
    #expect(settings.resolution.upstreams.map(\.description) == ["127.0.0.1:5307"])
    #expect(settings.feeds == [FeedSource(path: "/etc/ponor/feed.csv")])
    #expect(
      settings.zones == [ZoneSource(name: "example.net", file: "/etc/ponor/example.net.zone")])
  }

  @Test("values arrive as typed")
  func typedValues() throws {
    let settings = try parsed(everything, directory: "/etc/ponor/")
    #expect(settings.server.workers == .count(4))
    #expect(settings.server.workers.resolved(processors: 64) == 4)
    #expect(settings.resolution.upstreams.map(\.port) == [53, 5353, 53, 853, 53])
    #expect(settings.resolution.timeout == .milliseconds(1500))
    #expect(settings.resolution.rootHints == "/etc/ponor/hints.zone")
    #expect(settings.cache.memory.bytes == 1 << 30)
    #expect(settings.cache.maxTTL == 3600)
    #expect(settings.access.effectiveSinkhole.map(\.isWholeFamily) == [true, true])
    #expect(settings.sinkhole.nameservers == ["ns1.example.net"])
    #expect(settings.policy.action(family: "necurs") == .observe)
    #expect(settings.policy.action(family: "bazarbackdoor", variant: "v2") == .nxdomain)
    #expect(settings.policy.action(family: "qsnatch", variant: "b") == .off)
    #expect(settings.policy.action(family: "other") == .observeThenSinkhole)
    #expect(settings.models.seeds == ["/etc/ponor/more", "/etc/ponor/seeds.d"])
    #expect(settings.index.rebuildAt.minutes == 22 * 60 + 5)
    #expect(settings.http.listen == nil)
  }

  @Test("one value may stand for a list of one")
  func scalarAsList() throws {
    #expect(try parsed("server: { listen: \"127.0.0.1:53\" }").server.listen.count == 1)
  }

  @Test("relative paths mean the configuration file's directory, defaults too")
  func relativePaths() throws {
    let settings = try parsed("", directory: "/etc/ponor")
    #expect(settings.dataDirectory == "/etc/ponor/var")
    #expect(settings.models.seeds == ["/etc/ponor/seeds.d"])
    #expect(try parsed("data_dir: x", directory: "conf").dataDirectory == "conf/x")
    #expect(try parsed("data_dir: x", directory: "/").dataDirectory == "/x")
  }

  @Test("files are read from disk; what cannot be read says why")
  func files() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "ponor-\(UUID())").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let path = directory + "/ponor.yaml"
    try Data("log: { level: error }\n".utf8).write(to: URL(filePath: path))
    let loaded = try ConfigurationFile.load(path)
    #expect(loaded.settings.log.level == .error)
    #expect(loaded.settings.dataDirectory == directory + "/var")

    func failure(_ path: String) -> String {
      do {
        _ = try ConfigurationFile.load(path)
        return ""
      } catch {
        return error.description
      }
    }
    #expect(failure(directory + "/no.yaml").contains("no.yaml: cannot read the file: no such file"))
    #expect(failure(directory).contains("it is a directory"))
    #expect(failure("/dev/zero").contains("larger than 1048576 bytes"))
  }

  @Test("a reload takes what it may and says what needs a restart")
  func changes() throws {
    let old = try parsed("cache: { memory: 2MiB }\nsinkhole: { ttl: 60 }")
    let new = try parsed("cache: { memory: 3MiB }\nsinkhole: { ttl: 5 }")
    let changes = new.changes(from: old)
    #expect(
      changes.map(\.description) == [
        "cache.memory: 2MiB -> 3MiB (needs a restart)", "sinkhole.ttl: 60 -> 5",
      ])
    let running = old.reloading(new)
    #expect(running.sinkhole.ttl == 5)
    #expect(running.cache.memory == .mebibytes(2))
    #expect(old.changes(from: old).isEmpty)
  }
}
