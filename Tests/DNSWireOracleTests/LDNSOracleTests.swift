import DNSWire
import Testing
import WireSamples

/// Compares with libldns 1.8.3: what is refused, and how every record is written.
@Suite struct LDNSOracleTests {
  @Test("libldns takes every message we encode and writes every record as we do")
  func wellFormed() throws {
    let seed = testSeed()
    var random = SeededGenerator(seed: seed)
    for round in 0..<2_000 {
      let message = round % 2 == 0 ? random.message() : random.response()
      let octets = try #require(message.encoded(), "seed \(seed) round \(round)")
      let theirs = try #require(LDNSMessage(octets), "refused, seed \(seed) round \(round)")
      // Compression may have changed the letter case of names.
      compare(try Message(decoding: octets.span), theirs, "seed \(seed) round \(round)")
    }
  }

  @Test("both refuse a damaged message, or both take it and read the same")
  func damaged() {
    let seed = testSeed()
    var random = SeededGenerator(seed: seed)
    var both = (taken: 0, refused: 0)
    var reasons: [String: Int] = [:]
    for round in 0..<10_000 {
      let message = random.oneIn(2) ? random.message() : random.response()
      let octets = random.mutate(message.encoded() ?? [], changes: 2)
      let theirs = LDNSMessage(octets)
      do throws(WireError) {
        let ours = try Message(decoding: octets.span)
        guard let theirs else {
          let reason = reasonToAccept(ours, octets)
          #expect(reason != nil, "only libldns refuses, seed \(seed) round \(round)")
          reasons[reason ?? "", default: 0] += 1
          continue
        }
        both.taken += 1
        compare(ours, theirs, "seed \(seed) round \(round)")
      } catch {
        guard theirs != nil else {
          both.refused += 1
          continue
        }
        let reason = octets.count < 12 ? nil : reasonToRefuse(error, in: octets)
        #expect(reason != nil, "only we refuse: \(error), seed \(seed) round \(round)")
        reasons[reason ?? "", default: 0] += 1
      }
    }
    print("both take \(both.taken), both refuse \(both.refused)")
    for (reason, count) in reasons.sorted(by: { $0.key < $1.key }) { print(count, reason) }
    #expect(both.taken > 2_000 && both.refused > 2_000)
  }

  @Test("libldns reads our presentation format back to the same octets")
  func textToWire() throws {
    let seed = testSeed()
    var random = SeededGenerator(seed: seed)
    for round in 0..<2_000 {
      let record = random.record()
      // libldns 1.8.3 keeps owners in a buffer for 255 octets of text.
      guard record.owner.description.utf8.count <= 255 else { continue }
      // It also takes an escaped `@` for the origin.
      guard
        !record.description.utf8.split(separator: UInt8(ascii: "\\")).contains(where: {
          $0.first == UInt8(ascii: "@")
        })
      else { continue }
      var writer = CompressingWriter()
      record.write(to: &writer)
      let wire = LDNSMessage.wire(ofRecord: record.description)
      // Our octets may hold a pointer to the owner; reading both makes them comparable.
      let theirs = try #require(wire, "\(record) refused, seed \(seed) round \(round)")
      var reader = WireReader(theirs.span)
      let again = try ResourceRecord(reading: &reader)
      #expect(again == record, "seed \(seed) round \(round)")
    }
  }

  private func compare(_ ours: Message, _ theirs: LDNSMessage, _ comment: String) {
    let sections = [ours.answers, ours.authorities, ours.additionals]
    #expect(sections.map(\.count) == theirs.sections.map(\.count), "\(comment)")
    // libldns goes on behind the last field it knows, not behind the length: all after may differ.
    guard !sections.joined().contains(where: isOpaque) else { return }
    for (records, texts) in zip(sections, theirs.sections) {
      for (record, text) in zip(records, texts) where !hasDistantTime(record) {
        #expect(normalised(record.description) == normalised(text), "\(comment)")
      }
    }
  }

  /// Times beyond 2050 are read by libldns relative to today (RFC 4034 §3.1.5), by us as unsigned.
  private func hasDistantTime(_ record: ResourceRecord) -> Bool {
    guard case .rrsig(let data) = record.rdata else { return false }
    let near: ClosedRange<UInt32> = 0...2_524_608_000
    return !near.contains(data.expiration) || !near.contains(data.inception)
  }
}
