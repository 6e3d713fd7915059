import DNSWire
import DomainIndex
import Policy
import RPZOut
import Testing
import ZoneRecords

@Suite struct PolicyZoneTests {
  private static func zone() -> PolicyZone { PolicyZone(apex: form.apex) }

  private static func source(
    _ list: NameList, _ form: PolicyZoneForm = form, families: Set<String>? = nil,
    actions: ActionTable = actions, asOf: Int64? = nil
  ) -> PolicyZone.Source {
    PolicyZone.Source(
      list: list, selection: PolicySelection(families: families, actions: actions), form: form,
      asOf: asOf)
  }

  @Test("each name has the records of its family's action, at itself and at its wildcard")
  func records() throws {
    let folder = try Folder()
    let list = try folder.list([
      "b.com": ["f 0 9"], "a.com": ["g 0 9"], "c.com": ["h 0 9"], "d.com": ["gone 0 9"],
    ])
    let zone = Self.zone()
    let outcome = try zone.publish(Self.source(list), now: 1000, history: 5)
    #expect(outcome.serial == 1000 && outcome.isNew && outcome.names == 2)
    #expect(
      try zone.lines() == [
        "rpz.example. NS localhost.", "a.com.rpz.example. CNAME .",
        "*.a.com.rpz.example. CNAME .", "b.com.rpz.example. A 4",
        "b.com.rpz.example. AAAA 16", "*.b.com.rpz.example. A 4",
        "*.b.com.rpz.example. AAAA 16",
      ])
    #expect(zone.current()?.serial == 1000)
    #expect(zone.newest?.recordCount == 8)
  }

  @Test("a name of several families is treated as the strictest of those selected says")
  func strictest() throws {
    let folder = try Folder()
    let list = try folder.list(["a.com": ["g 0 9", "f 0 9"], "b.com": ["h 0 9", "g 0 9"]])
    var plain = form
    plain.coversSubdomains = false
    let zone = Self.zone()
    _ = try zone.publish(Self.source(list, plain), now: 1, history: 5)
    #expect(
      try zone.lines().dropFirst() == [
        "a.com.rpz.example. A 4", "a.com.rpz.example. AAAA 16", "b.com.rpz.example. CNAME .",
      ])
    _ = try zone.publish(Self.source(list, plain, families: ["g"]), now: 2, history: 5)
    #expect(
      try zone.lines().dropFirst() == [
        "a.com.rpz.example. CNAME .", "b.com.rpz.example. CNAME .",
      ])
  }

  @Test("what Ponor resolves below a listed name is kept from that name's wildcard")
  func spared() throws {
    let folder = try Folder()
    let list = try folder.list([
      "evil.com": ["g 0 9"], "seen.evil.com": ["h 0 9"], "off.x.evil.com": ["gone 0 9"],
      "evilseen.com": ["h 0 9"], "sub.evil.com": ["g 0 9"], "z.sub.evil.com": ["h 0 9"],
    ])
    let zone = Self.zone()
    _ = try zone.publish(Self.source(list), now: 1, history: 5)
    let passed = try zone.lines().filter { $0.hasSuffix("rpz-passthru.") && !$0.hasPrefix("*") }
    #expect(
      Set(passed) == [
        "seen.evil.com.rpz.example. CNAME rpz-passthru.",
        "off.x.evil.com.rpz.example. CNAME rpz-passthru.",
        "z.sub.evil.com.rpz.example. CNAME rpz-passthru.",
      ])
    var observing = form
    observing.listsObserved = true
    _ = try zone.publish(Self.source(list, observing), now: 2, history: 5)
    #expect(try zone.lines().contains("evilseen.com.rpz.example. CNAME rpz-passthru."))
  }

  @Test("a difference is what one list has and the other has not, also after several versions")
  func differences() throws {
    let folder = try Folder()
    let first = try folder.list(
      ["a.com": ["f 0 9"], "b.com": ["g 0 9"], "m.org": ["f 0 9"], "x.net": ["f 0 9"]],
      generation: 1)
    let second = try folder.list(
      ["b.com": ["g 0 9"], "c.com": ["g 0 9"], "m.org": ["g 0 9"], "x.net": ["f 0 9"]],
      generation: 2)
    var plain = form
    plain.coversSubdomains = false
    let zone = Self.zone()
    _ = try zone.publish(Self.source(first, plain), now: 10, history: 5)
    let outcome = try zone.publish(Self.source(second, plain), now: 20, history: 5)
    #expect(outcome.deleted == 4 && outcome.added == 2)
    let content = try #require(zone.current())
    let step = try #require(content.differences(since: 10)?.first)
    #expect(step.oldSOA.serial == 10 && step.newSOA.serial == 20)
    var deletions = try step.makeDeletions()
    #expect(
      try deletions.lines() == [
        "a.com.rpz.example. A 4", "a.com.rpz.example. AAAA 16", "m.org.rpz.example. A 4",
        "m.org.rpz.example. AAAA 16",
      ])
    var additions = try step.makeAdditions()
    #expect(
      try additions.lines() == ["c.com.rpz.example. CNAME .", "m.org.rpz.example. CNAME ."])
    #expect(content.differences(since: 11) == nil)

    // Back again: from the first version to the third nothing differs but the serial number.
    _ = try zone.publish(Self.source(first, plain), now: 30, history: 5)
    #expect(zone.current()?.differences(since: 20) != nil)
    // Twelve records came and went, the zone has nine: it is sent whole.
    #expect(zone.current()?.differences(since: 10) == nil)
  }

  @Test("an equal list makes no new version; serial numbers only grow")
  func serials() throws {
    let folder = try Folder()
    let zone = Self.zone()
    let names = ["a.com": ["f 0 9"], "b.com": ["f 0 9"], "c.com": ["f 0 9"]]
    _ = try zone.publish(Self.source(try folder.list(names)), now: 100, history: 2)
    let same = try zone.publish(
      Self.source(try folder.list(names, generation: 2)), now: 200, history: 2)
    #expect(!same.isNew && same.serial == 100 && same.deleted == 0 && same.added == 0)
    #expect(zone.newest?.version.list.generation == 2)
    // The clock was set back.
    for (number, name) in ["d.com", "e.com", "f.com", "g.com"].enumerated() {
      let list = try folder.list(
        names.merging([name: ["f 0 9"]]) { $1 }, generation: UInt64(3 + number))
      let outcome = try zone.publish(Self.source(list), now: 50, history: 2)
      #expect(outcome.serial == UInt32(101 + number))
    }
    #expect(zone.newest?.older.map(\.serial) == [102, 103])
    #expect(zone.current()?.differences(since: 101) == nil)
    #expect(zone.current()?.differences(since: 102) != nil)
  }

  @Test("another form of the zone is a new version without differences")
  func otherForm() throws {
    let folder = try Folder()
    let zone = Self.zone()
    let list = try folder.list(["a.com": ["f 0 9"]])
    _ = try zone.publish(Self.source(list), now: 100, history: 5)
    var other = form
    other.ttl = 5
    let outcome = try zone.publish(Self.source(list, other), now: 100, history: 5)
    #expect(outcome.isNew && outcome.serial == 101 && outcome.deleted == nil)
    #expect(zone.current()?.differences(since: 100) == nil)
  }

  @Test("of current names those are listed that are valid now or soon")
  func current() throws {
    let folder = try Folder()
    let zone = Self.zone()
    let list = try folder.list([
      "past.com": ["f 0 10000"], "now.com": ["f 0 20000"], "soon.com": ["f 17199 30000"],
      "later.com": ["f 17200 30000"],
    ])
    var plain = form
    plain.coversSubdomains = false
    plain.sinkhole = [.nxdomain]
    _ = try zone.publish(Self.source(list, plain, asOf: 10_000), now: 1, history: 5)
    #expect(
      try zone.lines().dropFirst() == [
        "now.com.rpz.example. CNAME .", "soon.com.rpz.example. CNAME .",
      ])
  }

  @Test("versions are known again after a restart, as far as their lists are there")
  func restart() throws {
    let folder = try Folder()
    let lists = try (1...3).map { generation in
      try folder.list(
        ["a.com": ["f 0 9"], "b.com": ["g 0 9"], "\(generation).com": ["g 0 9"]],
        generation: UInt64(generation))
    }
    let zone = Self.zone()
    for list in lists { _ = try zone.publish(Self.source(list), now: 5, history: 5) }
    let find = { (generation: UInt64) in lists.first { $0.generation == generation } }

    let again = Self.zone()
    try again.restore(zone.memos, form: form, list: find)
    #expect(again.memos == zone.memos)
    #expect(try again.lines() == zone.lines())
    #expect(again.current()?.differences(since: 5)?.count == 1)

    let partly = Self.zone()
    try partly.restore(zone.memos, form: form) { $0 == 2 ? nil : find($0) }
    #expect(partly.memos.map(\.serial) == [7])

    var other = form
    other.ttl = 7
    let renamed = Self.zone()
    try renamed.restore(zone.memos, form: other, list: find)
    #expect(renamed.current() == nil)
    #expect(try renamed.publish(Self.source(lists[0], other), now: 5, history: 5).serial == 8)
  }

  @Test("names that are too long with the zone's name are left out and counted")
  func tooLong() throws {
    let folder = try Folder()
    let label = String(repeating: "a", count: 60)
    let long = "\(label).\(label).\(label).\(String(repeating: "b", count: 55)).com"
    let zone = Self.zone()
    let outcome = try zone.publish(
      Self.source(try folder.list([long: ["f 0 9"], "ok.com": ["f 0 9"]])), now: 1, history: 5)
    #expect(outcome.tooLong == 1 && outcome.names == 1)
  }

  @Test("the master file has the same records, and escapes what is no hostname")
  func text() throws {
    let folder = try Folder()
    let zone = Self.zone()
    let list = try folder.list(["b.com": ["f 0 9"], "a\u{1}b\u{0}.com": ["g 0 9"]])
    _ = try zone.publish(Self.source(list), now: 77, history: 5)
    let version = try #require(zone.newest?.version)
    var text = PolicyZoneText(version)
    var octets: [UInt8] = []
    while try text.append(to: &octets, atLeast: 1) {}
    #expect(
      String(decoding: octets, as: UTF8.self) == """
        $ORIGIN rpz.example.
        $TTL 60
        @ SOA localhost. abuse.localhost. 77 60 60 604800 60
        @ NS localhost.
        a\\001b\\000.com CNAME .
        *.a\\001b\\000.com CNAME .
        b.com A 192.0.2.53
        b.com AAAA 2001:db8:0:0:0:0:0:53
        *.b.com A 192.0.2.53
        *.b.com AAAA 2001:db8:0:0:0:0:0:53

        """)
  }
}
