import Addressing
import Foundation
import Settings
import Testing

@Suite struct TableTests {
  @Test("keys are unique, lower case and below their section")
  func keysAreRegular() {
    let keys = Settings.options.map(\.key)
    #expect(Set(keys).count == keys.count)
    for section in Settings.sections {
      for option in section.options {
        #expect(option.key.wholeMatch(of: /[a-z0-9_]+(\.[a-z0-9_]+)*/) != nil)
        #expect(section.key.isEmpty || option.key.hasPrefix(section.key + "."))
        #expect(option.summary.hasSuffix("."), "\(option.key)")
      }
    }
  }

  @Test("DESIGN §8's keys are all there")
  func designKeys() {
    let keys = Set(Settings.options.map(\.key))
    for key in [
      "server.listen", "server.workers", "data_dir", "resolution.mode", "resolution.upstreams",
      "access.recursion", "sinkhole.ipv4", "sinkhole.ipv6", "sinkhole.ttl", "models.families",
      "models.days_before", "models.days_after", "models.seeds", "models.wordlists", "feeds",
      "zones", "http.listen",
    ] {
      #expect(keys.contains(key), "\(key)")
    }
  }

  @Test("every default is accepted by its own row and read back as itself")
  func defaultsRoundTrip() throws {
    #expect(try parsed(ReferenceFile.render()) == Settings())
  }

  @Test("values other than the defaults survive writing and reading")
  func changedValuesRoundTrip() throws {
    let settings = try parsed(everything)
    #expect(try parsed(ReferenceFile.render(settings)) == settings)
    let changed = Set(settings.changes(from: Settings()).map(\.key))
    let unchanged = Settings.options.map(\.key).filter { !changed.contains($0) }
    #expect(unchanged.isEmpty, "each option must differ from its default in this test")
  }

  @Test("config/ponor.yaml is what the table says; PONOR_UPDATE=1 rewrites it")
  func referenceFile() throws {
    let file = try committed("config/ponor.yaml") { _ in ReferenceFile.render() }
    #expect(file == ReferenceFile.render())
    #expect(file.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test("docs/configuration.md holds the table; PONOR_UPDATE=1 rewrites it")
  func documentation() throws {
    let page = try committed("docs/configuration.md") { old in
      guard let begin = old.range(of: OptionsTable.begin),
        let end = old.range(of: OptionsTable.end + "\n")
      else { return old + "\n" + OptionsTable.render() }
      return String(old[..<begin.lowerBound]) + OptionsTable.render() + old[end.upperBound...]
    }
    #expect(page.contains(OptionsTable.render()))
  }
}

/// A configuration in which no option has its default.
let everything = """
  server:
    listen: ["192.0.2.1:53", "[2001:db8::1]:53"]
    workers: 4
    gather_microseconds: 100
    udp_payload_size: 1400
    identity: "ns1 \\"east\\""
    version: Ponor
    tcp: { max_connections: 9, max_connections_per_client: 3, idle_timeout: 5s, pipeline: 7 }
  data_dir: /var/lib/ponor
  resolution:
    mode: forward
    upstreams: [192.0.2.2, "192.0.2.3:5353", "2001:db8::2", "[2001:db8::3]:853", "[2001:db8::4]"]
    dnssec: false
    trust_anchors: [". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"]
    root_hints: hints.zone
    threads: 2
    outstanding: 99
    allow_loopback: true
    timeout: 1500ms
  cache: { memory: 1GiB, max_ttl: 1h, negative_max_ttl: 60, min_ttl: 5 }
  access: { recursion: [10.0.0.0/8, "fd00::/8", 192.0.2.7], sinkhole: ["0.0.0.0/0", "::/0"] }
  sinkhole:
    ipv4: [198.51.100.1, 198.51.100.2]
    ipv6: []
    ttl: 0
    nameservers: [NS1.example.net.]
    contact: abuse@example.net
    ede_text: ""
  policy:
    actions: { necurs: observe, bazarbackdoor/v2: nxdomain, "qsnatch": off }
    default_action: observe
    allowlist: [example.org]
    allowlist_files: [allow.txt]
  models:
    families: [necurs, murofet/v1]
    exclude: [tinba]
    days_before: 0
    days_after: 31
    seeds: [more, /etc/ponor/seeds.d]
    wordlists: words
    grace: 12h
  index: { rebuild_at: "22:05", keep_generations: 5, max_names: 1_000_000, check_interval: 5m }
  feeds: [{ path: feed.csv }, { path: /srv/feed.csv }]
  zones: [{ name: Example.NET., file: example.net.zone }]
  http: { listen: off }
  hits: { enabled: false, ring_size: 100kB, retention_days: 30 }
  log: { level: debug, format: json }
  """
