import Addressing
import Testing
import WireSamples

@Suite struct PrefixTableTests {
  private typealias Entry = (prefix: IPPrefix, value: UInt16)

  /// The meaning, spelt out: look at every prefix.
  private func naive(
    _ entries: [Entry], _ address: IPAddress, _ precedence: PrefixTable.Precedence
  ) -> UInt16 {
    let holding = entries.filter { $0.prefix.contains(address) }
    if precedence == .first { return holding.first?.value ?? PrefixTable.none }
    let longest = holding.map(\.prefix.length).max()
    return holding.first { $0.prefix.length == longest }?.value ?? PrefixTable.none
  }

  /// Few bits vary, so that prefixes nest, touch and repeat.
  private func address(_ random: inout SeededGenerator) -> IPAddress {
    let bits = UInt64.random(in: 0..<256, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return IPAddress(ipv4: UInt32(bits) << 24 | UInt32(random.oneIn(2) ? 0 : 0xFF_FFFF))
    case 1: return IPAddress(ipv4: 0x0A00_0000 | UInt32(bits))
    case 2: return IPAddress(high: 0x2001_0DB8_0000_0000, low: bits)
    default: return IPAddress(high: bits << 56, low: random.oneIn(2) ? 0 : .max)
    }
  }

  private func prefix(_ random: inout SeededGenerator) -> IPPrefix {
    let address = address(&random)
    let shortest = address.isIPv4 ? 96 : 0
    let length = random.oneIn(8) ? shortest : Int.random(in: shortest...128, using: &random)
    return IPPrefix(address: address, length: length)
  }

  @Test(
    "looking up agrees with looking at every prefix",
    arguments: [PrefixTable.Precedence.first, .longest])
  func agreesWithNaive(_ precedence: PrefixTable.Precedence) {
    var random = SeededGenerator(seed: testSeed())
    for round in 0..<300 {
      let entries = (0..<round % 40).map { number in
        Entry(prefix: prefix(&random), value: UInt16(number))
      }
      let table = PrefixTable(entries, precedence: precedence)
      #expect(table.rangeCount <= 2 * entries.count + 2)
      var asked = (0..<60).map { _ in address(&random) }
      asked += entries.flatMap { [$0.prefix.address, $0.prefix.lastAddress] }
      asked += entries.flatMap { neighbours(of: $0.prefix) }
      for address in asked {
        #expect(
          table.value(of: address) == naive(entries, address, precedence),
          "\(address) in \(entries)")
      }
    }
  }

  /// The addresses just before and behind a prefix.
  private func neighbours(of prefix: IPPrefix) -> [IPAddress] {
    let (first, last) = (prefix.address, prefix.lastAddress)
    let before = IPAddress(
      high: first.low == 0 ? first.high &- 1 : first.high, low: first.low &- 1)
    let behind = IPAddress(
      high: last.low == .max ? last.high &+ 1 : last.high, low: last.low &+ 1)
    return [before, behind]
  }

  @Test("the ends of both families are in the prefixes that hold them")
  func edges() {
    let everything = PrefixTable([
      (IPPrefix(address: IPAddress(ipv4: 0), length: 96), 4),
      (IPPrefix(address: IPAddress(high: 0, low: 0), length: 0), 6),
    ])
    for text in ["0.0.0.0", "255.255.255.255", "192.0.2.1"] {
      #expect(IPAddress(text).map { everything.value(of: $0) } == 4)
    }
    for text in ["::", "::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::ffff:0:0:1"] {
      #expect(IPAddress(text).map { everything.value(of: $0) } == 6)
    }
    #expect(PrefixTable([]).value(of: IPAddress(ipv4: 1)) == PrefixTable.none)
    #expect(!AddressSet([]).contains(IPAddress(ipv4: 1)))
  }

  @Test("100,000 single addresses and prefixes are told from their neighbours")
  func manyEntries() {
    var random = SeededGenerator(seed: testSeed())
    var bits: Set<UInt32> = []
    // Even ones only: every odd neighbour is outside.
    while bits.count < 100_000 { bits.insert(UInt32(truncatingIfNeeded: random.next()) & ~1) }
    let set = AddressSet(bits.map { IPPrefix(address: IPAddress(ipv4: $0), length: 128) })
    let wrong = bits.filter {
      !set.contains(IPAddress(ipv4: $0)) || set.contains(IPAddress(ipv4: $0 | 1))
    }
    #expect(wrong.isEmpty)
    #expect(set.count == 100_000)
  }
}
