import AnswerCache
import DNSWire
import Testing

/// A name with 32 labels.
private let deepName = (0..<30).map { "l\($0)" }.joined(separator: ".") + ".example.net"

/// Forgetting the answers of a zone.
@Suite struct ForgettingTests {
  private let fixture = Fixture()
  private var cache: AnswerCache { fixture.cache }

  private func buffer(_ text: String) throws -> NameBuffer {
    var buffer = NameBuffer()
    let name = try Name(text)
    _ = try buffer.load(from: name.wire.span, at: 0, allowCompression: false)
    return buffer
  }

  private func store(_ text: String) throws {
    let name = try buffer(text)
    var entry = fixture.entry(ttl: 100)
    entry.origin = cache.origin(of: name)
    cache.store(entry, under: key(name), at: fixture.now)
  }

  private func key(_ name: borrowing NameBuffer) -> AnswerKey {
    cache.key(
      name.canonicalBytes, qtype: .a, qclass: .internet, dnssecOK: false, checkingDisabled: false)
  }

  private func isHeld(_ text: String) throws -> Bool {
    fixture.read(key(try buffer(text)), at: fixture.now) != nil
  }

  @Test(
    "what lies at or below a name goes, everything else stays",
    arguments: [
      ("example.net", ["example.net", "www.example.net", "a.b.example.net", deepName]),
      ("EXAMPLE.net", ["example.net", "www.example.net", "a.b.example.net", deepName]),
      ("www.example.net", ["www.example.net"]), ("b.example.net", ["a.b.example.net"]),
      ("nothing.example", []),
      ("net", ["example.net", "www.example.net", "a.b.example.net", "example2.net", deepName]),
      (
        ".",
        [
          "example.net", "www.example.net", "a.b.example.net", "example2.net", "net.example.org",
          ".", deepName,
        ]
      ),
    ])
  func zones(_ zone: String, _ gone: [String]) throws {
    let names = [
      "example.net", "www.example.net", "a.b.example.net", "example2.net", "net.example.org", ".",
      deepName,
    ]
    for name in names { try store(name) }
    // The root's own answers have no label to tell them by: they go with any zone.
    let expected = Set(gone + ["."])
    #expect(cache.flush(zone: try buffer(zone)) == expected.count)
    for name in names { #expect(try isHeld(name) == !expected.contains(name), "\(name)") }
    #expect(cache.flush(zone: try buffer(zone)) == 0)
    for name in names { try store(name) }
    for name in names { #expect(try isHeld(name), "an answer got again is kept") }
  }

  @Test("an answer of unknown origin goes with any zone")
  func unknown() throws {
    let key = fixture.key(1)
    cache.store(fixture.entry(ttl: 100), under: key, at: fixture.now)
    #expect(cache.flush(zone: try buffer("example.net")) == 1)
    #expect(fixture.read(key, at: fixture.now) == nil)
  }

  @Test("deep names are told apart by their last ten labels")
  func deep() throws {
    try store(deepName)
    #expect(
      cache.flush(
        zone: try buffer("x." + deepName.split(separator: ".").suffix(10).joined(separator: ".")))
        == 1)
  }
}
