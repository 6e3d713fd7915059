import Foundation

/// A zone of several hundred names with every feature, the same for the same seed.
struct GeneratedZone {
  private var random: SplitMix
  private let name: String
  /// Owners, relative to the apex, with what they hold.
  private(set) var owners: [String: Set<String>] = [:]
  private(set) var lines: [String] = []

  private static let labels = ["a", "b", "c", "d", "www", "mail", "ns", "x1", "UPPER", "_tcp"]

  init(name: String, seed: UInt64, names: Int) {
    self.name = name
    random = SplitMix(seed: seed)
    lines = [
      "$ORIGIN \(name).", "$TTL 3600",
      "@ 7200 IN SOA ns1 hostmaster 2026112301 3600 600 864000 300",
      "@ NS ns1", "@ NS ns2.provider.example.", "@ MX 10 mx1", "@ TXT \"v=spf1 -all\"",
      "ns1 A 192.0.2.1", "ns1 AAAA 2001:db8::1", "mx1 A 192.0.2.2",
    ]
    owners = ["@": ["SOA", "NS", "MX", "TXT"], "ns1": ["A", "AAAA"], "mx1": ["A"]]
    addFixed()
    while owners.count < names { addRandom() }
  }

  var text: String { lines.joined(separator: "\n") + "\n" }

  private mutating func add(_ owner: String, _ type: String, _ data: String) {
    lines.append("\(owner) \(type) \(data)")
    owners[owner, default: []].insert(type)
  }

  /// What chance alone would seldom make: chains, loops, nested wildcards, cuts of all kinds.
  private mutating func addFixed() {
    for step in 0..<6 { add("chain\(step)", "CNAME", "chain\(step + 1)") }
    add("chain6", "A", "192.0.2.66")
    add("loop-a", "CNAME", "loop-b")
    add("loop-b", "CNAME", "loop-a")
    add("to-missing", "CNAME", "no.such.name")
    add("to-outside", "CNAME", "www.provider.example.")
    add("to-wild", "CNAME", "something.star")
    add("to-wild-alias", "CNAME", "q.star-alias")
    add("to-cut", "CNAME", "host.cut1")
    add("to-dname", "CNAME", "k.dname-in")
    add("to-ent", "CNAME", "ent")
    add("*.star", "TXT", "\"star\"")
    add("*.star", "MX", "5 mx1")
    add("here.star", "A", "192.0.2.7")
    add("deep.ent.star", "A", "192.0.2.8")
    add("*.star-alias", "CNAME", "chain2")
    add("*.star-loop", "CNAME", "x.star-loop")
    add("*.star-out", "CNAME", "www.provider.example.")
    add("*.*.stars", "A", "192.0.2.9")
    add("leaf.ent", "A", "192.0.2.10")
    add("dname-in", "DNAME", "target")
    add("dname-in", "TXT", "\"beside a DNAME\"")
    add("k.target", "A", "192.0.2.11")
    add("*.w.target", "A", "192.0.2.12")
    add("dname-out", "DNAME", "provider.example.")
    add("dname-long", "DNAME", String(repeating: "l", count: 63) + ".provider.example.")
    add("dname-self", "DNAME", "below.dname-self")
    add("dname-chain", "DNAME", "dname-in")
    for cut in 1...4 {
      add("cut\(cut)", "NS", "ns.cut\(cut)")
      add("cut\(cut)", "NS", "ns\(cut).provider.example.")
      add("ns.cut\(cut)", "A", "192.0.2.\(20 + cut)")
      if cut == 1 { add("ns.cut1", "AAAA", "2001:db8::53") }
    }
    for server in 1...9 {
      add("glue", "NS", "server\(server).glue")
      add("server\(server).glue", "A", "192.0.2.\(100 + server)")
      add("server\(server).glue", "AAAA", "2001:db8::\(100 + server)")
    }
    add("cut2", "DS", "4711 13 2 \(String(repeating: "ab", count: 32))")
    add("occluded.cut3", "TXT", "\"not to be seen\"")
    add("cut4", "NS", "ns.cut1")
    add("cut5", "NS", "ns1")
    add("under.cut5", "NS", "ns.under.cut5")
    add("mail.sibling", "MX", "10 ns.cut1")
    add("mail.sibling", "MX", "20 mx1")
    add("_sip._udp", "SRV", "1 2 5060 ns1")
    for index in 1...40 { add("many", "TXT", "\"record number \(index) of a large RRset\"") }
    for index in 1...8 { add("several", "A", "198.51.100.\(index)") }
    add("c\\.dot", "TXT", "\"a dot in a label\"")
  }

  private mutating func addRandom() {
    let depth = random.next(1...3)
    var parts = (0..<depth).map { _ in
      Self.labels[random.next(0...Self.labels.count - 1)] + String(random.next(0...12))
    }
    if random.next(0...14) == 0 { parts[0] = "*" }
    let owner = parts.joined(separator: ".")
    guard owners[owner] == nil, !isBelow(owner, type: "DNAME") else { return }
    let target = Self.labels[random.next(0...Self.labels.count - 1)] + "3"
    switch random.next(0...13) {
    case 0: add(owner, "CNAME", target)
    case 1: add(owner, "CNAME", "\(target).d4")
    case 2 where !owner.hasPrefix("*"):
      add(owner, "NS", "ns.\(owner)")
      add("ns.\(owner)", "A", "203.0.113.\(random.next(1...200))")
    case 3 where !owners.keys.contains(where: { $0.hasSuffix("." + owner) }) && parts[0] != "*":
      add(owner, "DNAME", target)
    case 4: add(owner, "MX", "10 \(target)")
    case 5:
      add(owner, "TXT", "\"text of \(owner)\"")
      add(owner, "AAAA", "2001:db8::\(random.next(1...9999))")
    default: add(owner, "A", "203.0.113.\(random.next(1...200))")
    }
  }

  private func isBelow(_ owner: String, type: String) -> Bool {
    var rest = Substring(owner)
    while let dot = rest.firstIndex(of: ".") {
      rest = rest[rest.index(after: dot)...]
      if owners[String(rest)]?.contains(type) ?? false { return true }
    }
    return false
  }

  /// Questions: each owner, its parents, and names around and below it.
  func questionNames() -> [String] {
    var names: Set<String> = ["\(name).", "missing.\(name).", "a.b.c.missing.\(name)."]
    for owner in owners.keys where owner != "@" {
      let full = "\(owner).\(name)."
      names.formUnion([full, "below.\(full)", "a.b.\(full)", "*.\(full)"])
      names.insert("q\(full)")
      names.insert(full.uppercased())
      var rest = Substring(owner)
      while let dot = rest.firstIndex(of: ".") {
        rest = rest[rest.index(after: dot)...]
        names.insert("\(rest).\(name).")
        names.insert("sibling.\(rest).\(name).")
      }
    }
    let label = String(repeating: "z", count: 50)
    names.insert("\(label).\(label).\(label).dname-long.\(name).")
    return names.sorted()
  }
}
