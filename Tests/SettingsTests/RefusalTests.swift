import Addressing
import CheckedYAML
import Settings
import Testing

@Suite struct RefusalTests {
  @Test("an unknown key is named with its place and the nearest valid key")
  func unknownKeys() {
    let yaml = String(repeating: "#\n", count: 10) + "server:\n  lissen: [\"127.0.0.1:53\"]\n"
    #expect(
      problems(yaml) == [
        "ponor.yaml:12:3: unknown key 'server.lissen'; did you mean 'server.listen'?"
      ])
    #expect(problems("servr: {}")[0].contains("did you mean 'server'?"))
    #expect(problems("wrokers: 3")[0].contains("unknown key 'wrokers'"))
    #expect(problems("udp_payload_size: 3")[0].contains("'server.udp_payload_size'"))
    #expect(problems("qqqqqqqqqq: 3")[0].contains("ponor config reference"))
    #expect(problems("feeds: [{ pth: x }]").first?.contains("did you mean 'path'?") == true)
    #expect(problems("? [a, b]\n: 1")[0].contains("keys must be words"))
  }

  @Test(
    "a bad value is refused with its place and what would be right",
    arguments: [
      ("server: { workers: lots }", "1:20: 'server.workers': 'lots' is neither auto nor"),
      ("server: { workers: 257 }", "1 … 256"),
      ("server: { listen: [localhost:53] }", "is not an IP address (host names"),
      ("server: { listen: [127.0.0.1] }", "has no port; write it like"),
      ("server: { listen: ['127.0.0.1:0'] }", "bad port; expected 1…65535"),
      ("server: { listen: ['127.0.0.1:65536'] }", "bad port"),
      ("server: { listen: ['127.0.0.1:+53'] }", "bad port"),
      ("server: { listen: ['::1:53'] }", "has no port"),
      ("server: { listen: ['[::1:53'] }", "no closing bracket"),
      ("server: { listen: ['[fe80::1%eth0]:53'] }", "zone, which is not supported"),
      ("server: { listen: ['[::1]53'] }", "other than :port"),
      ("server: { listen: [] }", "has 0 entries"),
      ("server: { listen: {} }", "is a map; expected"),
      ("server: { udp_payload_size: 511 }", "512 … 4096"),
      ("server: { udp_payload_size: 1e3 }", "whole number"),
      ("server: { tcp: { idle_timeout: 5 parsecs } }", "unknown unit 'parsecs'"),
      ("server: { tcp: { idle_timeout: 99999999999999999999 } }", "too large"),
      ("server: { tcp: { idle_timeout: 9999999999999999w } }", "is too long"),
      ("server: { tcp: 5 }", "'server.tcp' must be a map"),
      ("data_dir: ''", "empty path"),
      ("data_dir:", "has no value; expected path"),
      ("data_dir: [a]", "is a list; expected path"),
      ("resolution: { mode: recursiv }", "expected recursive, forward, none"),
      ("resolution: { mode: forward }", "'resolution.upstreams' is empty"),
      ("resolution: { dnssec: yes }", "is neither true nor false"),
      ("resolution: { trust_anchors: [hello] }", "is no trust anchor"),
      ("cache: { memory: 5 }", "is outside of 1MiB"),
      ("cache: { memory: 5 MiBB }", "unknown unit 'MiBB'"),
      ("cache: { max_ttl: 8d }", "outside of 1 … 604800 seconds"),
      ("cache: { max_ttl: 5, min_ttl: 6 }", "1:31: 'cache.min_ttl' is larger"),
      ("access: { recursion: [10.0.0.1/8] }", "did you mean 10.0.0.0/8?"),
      ("access: { recursion: [10.0.0.0/33] }", "expected 0…32"),
      ("access: { recursion: ['2001:db8::/129'] }", "expected 0…128"),
      ("access: { recursion: [example.net] }", "is not a prefix"),
      ("sinkhole: { ipv4: ['2001:db8::1'] }", "is not an IPv4 address"),
      ("sinkhole: { ipv6: [192.0.2.1] }", "is not an IPv6 address"),
      ("views: [5]", "'views' entries must be maps of view options"),
      ("views: [{ clients: [10.0.0.0/8] }]", "'views' entry lacks 'name'"),
      ("views: [{ name: a, client: [10.0.0.0/8] }]", "did you mean 'clients'?"),
      ("views: [{ name: a, clients: [10.0.0.1/8] }]", "'views[].clients': '10.0.0.1/8' has bits"),
      ("views: [{ name: a, clients: [10.0.0.0/8] }, { name: a }]", "'views' has 'a' twice"),
      ("views: [{ name: default }]", "choose another name"),
      ("views: [{ name: a, listeners: ['192.0.2.1:53'] }]", "is not in 'server.listen'"),
      ("views: [{ name: a }, { name: b }]", "takes every client"),
      ("rate_limit: { slip: 11 }", "0 … 10"),
      ("query_limit: { action: shout }", "expected refuse, drop"),
      ("sinkhole: { ipv4: [192.0.2.01] }", "is not an IPv4 address"),
      ("sinkhole: { contact: nobody }", "is no mail address"),
      ("sinkhole: { nameservers: [a..b] }", "has an empty label"),
      ("policy: { allowlist: ['*.a.example'] }", "has a wildcard"),
      (
        "policy: { actions: { necurs: sink } }",
        "expected sinkhole, nxdomain, observe-then-sinkhole, observe, off"
      ),
      ("policy: { actions: [necurs] }", "must be a map"),
      ("policy: { actions: { a/b/c: off } }", "is no family name"),
      ("policy: { allowlist: [bücher.example] }", "write international names as xn--"),
      ("index: { rebuild_at: '24:00' }", "is not a time of day"),
      ("feeds: [feed.csv]", "entries must be maps like { path: … }"),
      ("zones: [{ name: example.net }]", "'zones' entry lacks 'file'"),
      ("zones: [{ name: a.b, primaries: [192.0.2.1], tsig: k }]", "there is no key 'k'"),
      ("zones: [{ name: a.b, primaries: [192.0.2.1#a..b] }]", "has an empty label"),
      ("tsig_keys: [{ name: k }]", "needs either secret or secret_file"),
      ("tsig_keys: [{ name: k, secret: 'a secret!' }]", "is no base64 of at least 8 octets"),
      ("tsig_keys: [{ name: k, algorithm: hmac-md5, secret_file: s }]", "expected hmac-sha1"),
      (
        "zones: [{ name: a.b, file: x }, { name: A.B., file: y }]",
        "'zones' has 'a.b' twice; remove one"
      ),
      ("http: { listen: '127.0.0.1:5300' }", "is also in 'server.listen'"),
      ("log: { level: loud }", "expected trace, debug"),
    ])
  func badValues(yaml: String, expected: String) {
    let found = problems(yaml)
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.contains(expected) == true, "\(found)")
    #expect(found.first?.hasPrefix("ponor.yaml:1:") == true, "\(found)")
  }

  @Test("all problems are reported, in file order")
  func allProblems() {
    let found = problems(
      """
      server:
        listen: [bad, worse]
        wrokers: 3
      cache:
        memory: none
      zones: [{ name: "", fil: x }]
      """)
    #expect(found.count == 6, "\(found)")
    #expect(found.map { $0.split(separator: ":")[1] } == ["2", "2", "3", "5", "6", "6"])
  }

  @Test("an open resolver is a warning, not an error")
  func openResolver() throws {
    let found = problems("access: { recursion: ['0.0.0.0/0'] }")
    #expect(found.count == 1)
    #expect(found[0].contains("warning: 'access.recursion' holds 0.0.0.0/0: an open resolver"))
    #expect(try parsed("access: { recursion: ['0.0.0.0/0'] }").access.recursion.count == 1)
  }

  @Test(
    "broken YAML is one clear error with a place",
    arguments: [
      ("server:\n\tlisten: x\n", "ponor.yaml:2:1:", "indent with spaces"),
      ("server:\n  workers: 1\n  workers: 2\n", "ponor.yaml:", "'workers' appears more than once"),
      ("- a\n- b\n", "ponor.yaml:1:1:", "must be a map of options"),
      ("hello", "ponor.yaml:1:1:", "must be a map of options"),
      ("a: [1, 2", "ponor.yaml:2:1:", "not valid YAML"),
      ("log: { level: info }\n---\nlog: {}\n", "ponor.yaml:2:1:", "another document"),
      ("a: \"\\xZZ\"", "ponor.yaml:1:", "not valid YAML"),
      ("a: &x [1]\nb: *x\n", "ponor.yaml:2:4:", "aliases (*name) are not supported"),
      ("policy: { allowlist: [*.example.net] }", "ponor.yaml:1:23:", "put text in quotes"),
    ])
  func brokenYAML(yaml: String, place: String, expected: String) {
    let found = problems(yaml)
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.hasPrefix(place) == true, "\(found)")
    #expect(found.first?.contains(expected) == true, "\(found)")
  }

  @Test("invalid UTF-8, NUL octets and binary files are refused with the place")
  func notText() {
    #expect(
      problems(Array("log:\n  ".utf8) + [0xFF, 0x0A])[0]
        .hasPrefix("ponor.yaml:2:3: invalid UTF-8 (byte 0xff)"))
    #expect(problems([0x61, 0x00])[0].contains("control character 0x0"))
    #expect(problems([0xED, 0xA0, 0x80])[0].contains("invalid UTF-8"))
    #expect(problems([0xC0, 0x80])[0].contains("invalid UTF-8"))
    #expect(problems([0xF4, 0x90, 0x80, 0x80])[0].contains("invalid UTF-8"))
    #expect(problems([0xE2, 0x82])[0].contains("invalid UTF-8"))
    #expect(problems([0xEF, 0xBB, 0xBF] + Array("log: { level: info }".utf8)).isEmpty)
    #expect(problems("log: { level: info }\r\nhits: { enabled: true }\r\n").isEmpty)
  }

  @Test("deep nesting, long lines and many problems end in an error, not in a crash")
  func hostile() {
    for text in ["[", "{", "- ", "? ", "[{", "a: [", "!!x ", "&a ", "'", "\"", "|\n ", "%"] {
      let found = problems(String(repeating: text, count: 200_000 / text.utf8.count))
      #expect(!found.isEmpty)
      #expect(found.count <= 100)
    }
    var bomb = "a: &a [x, x]\n"
    for level in 1..<40 { bomb += "b\(level): &b\(level) [*a, *a]\n" }
    #expect(problems(bomb)[0].contains("aliases"))
    let many = (0..<5000).map { "key\($0): 1\n" }.joined()
    #expect(problems(many).count == ConfigurationFile.problemLimit)
  }

  @Test("aliases are found wherever YAML allows one, and stars elsewhere are text")
  func aliasPlaces() {
    let line = "feeds: &f []\n"
    for alias in ["x: *f", "x: [*f]", "x: [1,*f]", "? *f\n: 1", "- *f", "x:\n  *f", "x: {a: *f}"] {
      #expect(problems(line + alias)[0].contains("aliases"), "\(alias)")
    }
    #expect(problems("# comment\u{85}*f")[0].contains("aliases"))
    for text in ["# - *x", "sinkhole: { ede_text: 'see *here*' }", "sinkhole: { ede_text: 2 * 3 }"]
    {
      #expect(problems(text).isEmpty, "\(text)")
    }
  }
}
