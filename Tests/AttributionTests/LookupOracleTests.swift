import Addressing
import Attribution
import Evidence
import Foundation
import Testing

/// The index against a plain search of a list, on random intervals that overlap in every way.
@Suite struct LookupOracleTests {
  private struct Row {
    var interval: AddressInterval
    var key: String
  }

  @Test("answers are those of a plain search", arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func plainSearch(_ seed: UInt64) throws {
    var random = Random(state: seed &* 0x9E37_79B9_7F4A_7C15)
    let rows = (0..<(seed % 2 == 0 ? 3000 : 60)).map { _ in row(&random) }
    var set = IntervalSet()
    for row in rows {
      set.add(row.interval, .subscriber(Array(row.key.utf8)[...]), source: 0)
    }
    let path = NSTemporaryDirectory() + "ponor-oracle-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try SubscriberIndexWriter.write(
      set, sources: [SourceSummary(join: "radius", format: "f", path: "p")], builtAt: 0, to: path)
    let index = try SubscriberIndex(path: path)
    for _ in 0..<3000 {
      let question = AttributionQuestion(
        address: address(&random), port: random.below(5) == 0 ? nil : UInt16(random.below(64)),
        transport: [.any, .tcp, .udp][random.below(3)], instant: Int64(random.below(1100)) - 50)
      let tolerance = Int64(random.below(3) * random.below(10))
      let expected = plain(question, tolerance, rows)
      #expect(index.answer(question, tolerance: tolerance) == expected, "\(question)")
    }
  }

  private func plain(
    _ question: AttributionQuestion, _ tolerance: Int64, _ rows: [Row]
  ) -> AttributionAnswer {
    let hits = rows.filter { row in
      let interval = row.interval
      return interval.prefix.contains(question.address)
        && question.port.map { interval.ports.contains($0) } ?? true
        && (interval.transport == .any || question.transport == .any
          || interval.transport == question.transport)
        && interval.from <= question.instant + tolerance
        && interval.to > question.instant - tolerance
    }
    guard let longest = hits.map(\.interval.prefix.length).max() else { return .unknown }
    let keys = Set(hits.filter { $0.interval.prefix.length == longest }.map(\.key))
    guard keys.count == 1, let key = keys.first else { return .ambiguous }
    var answer = AttributionAnswer.unknown
    answer.state = .unique
    answer.key = key
    answer.source = "radius"
    return answer
  }

  private func address(_ random: inout Random) -> IPAddress {
    if random.below(2) == 0 { return IPAddress(ipv4: 0xC000_0200 + UInt32(random.below(6))) }
    return IPAddress(
      high: 0x2001_0db8_0000_0000 + UInt64(random.below(6)), low: UInt64(random.below(3)))
  }

  private func row(_ random: inout Random) -> Row {
    let address = address(&random)
    let length =
      address.isIPv4 ? [128, 128, 126, 120][random.below(4)] : [128, 64, 63, 56][random.below(4)]
    let isShared = random.below(2) == 0
    let low = isShared ? UInt16(random.below(60)) : 0
    let high = isShared ? low + UInt16(random.below(12)) : .max
    let from = Int64(random.below(1000))
    let isOpen = random.below(40) == 0
    let interval = AddressInterval(
      prefix: IPPrefix(address: address, length: length), ports: low...high,
      transport: [.any, .any, .tcp, .udp][random.below(4)],
      from: random.below(60) == 0 ? .min : from,
      to: isOpen ? .max : from + 1 + Int64(random.below(8)))
    return Row(interval: interval, key: "k\(random.below(50))")
  }
}

/// xorshift64*: the same numbers for the same seed.
struct Random {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }

  /// A number of 0 ..< `limit`.
  mutating func below(_ limit: Int) -> Int { Int(next() >> 33) % limit }
}
