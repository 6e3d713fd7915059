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

  @Test("a change of a secret is told, the secret is not")
  func secrets() throws {
    let settings = try parsed(everything)
    let told = settings.changes(from: Settings()).map(\.description)
    #expect(told.contains { $0.hasPrefix("server.cookies.secret:") })
    #expect(!told.contains { $0.contains("e5e973e5a6b2a43f48e7dc849e37bfcf") })
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

  @Test("docs/views.md holds the options of a view; PONOR_UPDATE=1 rewrites it")
  func viewOptions() throws {
    let page = try committed("docs/views.md") { old in
      guard let begin = old.range(of: ViewOptionsTable.begin),
        let end = old.range(of: ViewOptionsTable.end + "\n")
      else { return old + "\n" + ViewOptionsTable.render() }
      return String(old[..<begin.lowerBound]) + ViewOptionsTable.render() + old[end.upperBound...]
    }
    #expect(page.contains(ViewOptionsTable.render()))
  }
}

/// A configuration in which no option has its default.
let everything = """
  server:
    listen: ["192.0.2.1:53", "[2001:db8::1]:53"]
    workers: 4
    gather_microseconds: 100
    udp_payload_size: 1400
    minimal_any: udp
    identity: "ns1 \\"east\\""
    version: Ponor
    user: ponor
    group: dns
    drain: 5s
    linger: 1m
    tcp: { max_connections: 9, max_connections_per_client: 3, idle_timeout: 5s, pipeline: 7 }
    tls_listen: "127.0.0.1:8853"
    https_listen: ["127.0.0.1:8443", "[::1]:8443"]
    https: { path: /dns, plain_listen: "127.0.0.1:8480" }
    tls:
      certificate: cert.pem
      key: key.pem
      minimum_version: 1.3
      name: dns.example.net
      handshake_timeout: 2s
      handshakes_per_second: 7
      idle_timeout: 20s
    cookies:
      secret: [e5e973e5a6b2a43f48e7dc849e37bfcf, 445536bcd2513298075a5d379663c962]
      secret_file: secrets
      require: always
      pressure_queries: 7
      pressure_recursions: 8
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
    resolve_special: [home.arpa]
    timeout: 1500ms
    upstream_tls_name: DNS.example.
    certificate_bundle: ca.pem
    forward_zones: [{ name: Partner.example, servers: [192.0.2.4], tls_name: dns.example }]
    stub_zones: [{ name: corp.example, servers: ["[2001:db8::5]:5353"], insecure: true }]
    library_cache: 32MiB
    local_root: root.zone
    track_trust_anchors: false
    trust_anchor_signaling: false
    root_key_sentinel: false
    negative_trust_anchors: [broken.example]
    aggressive_nsec: false
    nsec3_iterations: 150
    qname_minimisation: strict
    random_case: true
    random_case_exceptions: [old.example]
    harden_glue: false
    harden_below_nxdomain: false
    harden_algo_downgrade: true
    harden_referral_path: true
    harden_large_queries: false
    harden_short_bufsize: false
    harden_dnssec_stripped: false
    scrub_promiscuous: false
    private_addresses: [10.0.0.0/8]
    private_domains: [corp.example]
    target_fetch_policy: [-1, 0]
    ipv4: false
    ipv6: "on"
    prefer: ipv6
    outgoing_addresses: [192.0.2.5, "2001:db8::6"]
    avoided_ports: ["5353", 6000-6063]
    tcp_upstream: true
    payload_size: 1400
    tries: 3
    dns64_prefix: "64:ff9b::/96"
    dns64_ignore_aaaa: [v6.example]
  cache:
    memory: 1GiB
    max_ttl: 1h
    negative_max_ttl: 60
    min_ttl: 5
    failure_ttl: 9
    prefetch: false
    stale: 0
    stale_after: 1s
    stale_recheck: 10s
    persistent: false
  access:
    recursion: [10.0.0.0/8, "fd00::/8", 192.0.2.7]
    sinkhole: ["0.0.0.0/0", "::/0"]
    proxies: [192.0.2.8]
    forwarders: ["fd00:1::/64"]
    web_proxies: ["192.0.2.20"]
    web_proxy_field: forwarded
  sinkhole:
    ipv4: [198.51.100.1, 198.51.100.2]
    ipv6: []
    ttl: 0
    nameservers: [NS1.example.net.]
    contact: abuse@example.net
    ede_text: ""
    delegated: [Seized.example.]
    delegated_files: [seized.txt]
  policy:
    actions: { necurs: observe, bazarbackdoor/v2: nxdomain, "qsnatch": off }
    default_action: observe-then-sinkhole
    observed_names: 5
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
  zones: [{ name: Example.NET., file: example.net.zone, transfer: { keys: [k.example] } }]
  tsig_keys: [{ name: K.example, algorithm: hmac-sha512, secret_file: k.secret }]
  rpz: [{ name: a.rpz, file: a.rpz, policy: cname, target: walled.example, views: [one] }, { name: b, url: "https://x.example/z" }]
  views:
    - name: strangers
      listeners: ["192.0.2.1:53"]
      recursion: false
      sinkhole: true
      challenge: true
    - { name: "kids", clients: [10.1.0.0/16, "fd01::/16"], record_hits: false, sinkhole: false,
        actions: { necurs: observe }, default_action: nxdomain, allowlist: [Example.com.],
        allowlist_files: [ok.txt], opt_out: [out.txt, /srv/out.txt], sinkhole_ipv4: [],
        sinkhole_ipv6: ["2001:db8::7"], sinkhole_ttl: 5, contact: abuse@example.org, ede_text: "",
        responses_per_second: 1, nodata_per_second: 2, nxdomains_per_second: 3,
        errors_per_second: 4, all_per_second: 5, slip: 0, queries_per_second: 6 }
  rate_limit: { responses_per_second: 5, nodata_per_second: 6, nxdomains_per_second: 7,
    errors_per_second: 0, all_per_second: 50, window: 5s, slip: 1, ipv4_prefix: 32, ipv6_prefix: 64,
    exempt: [192.0.2.0/24], log_only: true, table_size: 2MiB }
  query_limit: { queries_per_second: 100, action: drop, ipv4_prefix: 24, ipv6_prefix: 64,
    exempt: ["::1"] }
  recursion_limit: { outstanding_per_client: 5, outstanding_per_zone: 6, failing_names: 7,
    failing_names_per_second: 8, nonexistent_names: 9, nonexistent_names_per_second: 10,
    protection: 5s, exempt: [Zen.example.] }
  rpz_out: [{ name: Ponor.rpz., families: [tinba], action: cname, target: help.example.net }]
  http: { listen: off }
  hits: { enabled: false, ring_size: 100kB, retention_days: 30 }
  log: { level: debug, format: json }
  attribution:
    sources:
      - { format: radius-detail, path: /x/detail, key: Class, interim: 5m, utc_offset: -300 }
      - { format: kea6, path: /x/leases }
    index: /x/index
    readers: group
    tolerance: 500ms
    keep: 7d
    audit: /x/audit
    socket: /x/lines.sock
    delay: 2m
    wait: 1h
  evidence:
    parameters: numbers.yaml
    sources: attested
    ipv6_prefix: 56
    shared: [{ prefix: 192.0.2.0/28, devices: 500 }]
    forwarders: [{ prefix: 192.0.2.16/32, devices: 9 }]
    hosting: [203.0.113.0/24]
    mail: [203.0.113.9/32]
    clients: 70000
    resolver: ns1
    tlp: green
    test: true
    notice_gate: confirmed
    notice_repeat: 3d
  privacy: { episode_days: 60, join_days: 5, audit_days: 30, audit_required: false }
  dnstap:
    socket: /run/tap.sock
    tcp: 192.0.2.9:6000
    file: /tmp/tap.fstrm
    messages: all
    sample: 7
    identity: ns1
    version: "2"
    queue: 1 MiB
  health:
    name: health.ponor.internal
    index_max_age: 36h
    hits_stall: 30s
    recursion_probe: [probe.example.net]
    interval: 1s
    failure_percent: 90
  recipients:
    - { name: isp-a, prefixes: [198.51.100.0/24], asns: [64496], families: [tinba], min_gate: likely,
        tlp: "amber+strict", subscriber: true, pseudonyms: true, test: true, token: "env:TOKEN",
        taxii: true, reports: true }
  exports:
    - { name: soc, kind: webhook, recipient: isp-a, format: cloudevents, user: u, ca_file: ca.pem,
        url: "https://soc.example/hook", secret: "file:hook.key" }
    - { name: files, kind: files, recipient: isp-a, folder: out }
    - { name: queue, kind: redis, recipient: isp-a, url: "redis://127.0.0.1", queue: events }
    - { name: digest, kind: mail, recipient: isp-a, url: "smtp://mx.example", mail_from: a@b.example,
        mail_to: [c@d.example] }
  delivery:
    organisation: Example Net
    domain: example.org
    contact: abuse@example.org
    host: ns1
    with_query: true
    asn_database: asn.mmdb
    place_database: city.mmdb
    retry_first: 1s
    retry_longest: 1h
    give_up: 1d
    timeout: 3s
    backlog: 2d
    settle: 5m
    test: true
  sandbox: required
  sandbox_connect_ports: [53, 853]
  """
