import Addressing
import Dnstap
import Synchronization
import Testing

@Suite struct RingTests {
  private static let record = TapRecord(
    kind: .clientQuery, carrier: .udp, client: endpoint("192.0.2.7", 1),
    server: endpoint("192.0.2.8", 53))

  private final class Flag: Sendable {
    let isDone = Atomic(false)
  }

  private func put(_ ring: TapRing, name: [UInt8], message: [UInt8]) {
    ring.append(Self.record, name: name.span, message: message.span)
  }

  @Test func messagesComeOutInOrderAndWhole() {
    let ring = TapRing(bytes: 4096)
    var name: [UInt8] = []
    var message: [UInt8] = []
    // Lengths that share no factor with the ring's size: each comes to lie over its end.
    for number in 0..<2000 {
      let octets = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 300 + number % 211)
      put(ring, name: [1, 97, 0], message: octets)
      let out = ring.next(name: &name, message: &message)
      #expect(out?.client == Self.record.client && name == [1, 97, 0] && message == octets)
    }
    #expect(ring.isEmpty && ring.dropped == 0)
  }

  @Test func whatDoesNotFitIsDroppedAndCounted() {
    let ring = TapRing(bytes: 4096)
    let octets = [UInt8](repeating: 1, count: 1000)
    for _ in 0..<10 { put(ring, name: [], message: octets) }
    put(ring, name: [], message: [UInt8](repeating: 1, count: 60_000))
    var name: [UInt8] = []
    var message: [UInt8] = []
    var count = 0
    while ring.next(name: &name, message: &message) != nil { count += 1 }
    #expect(count > 0 && count + ring.dropped == 11)
    put(ring, name: [], message: octets)
    #expect(ring.next(name: &name, message: &message) != nil && message == octets)
  }

  @Test func twoThreadsLoseNothingButWhatIsCounted() async {
    let ring = TapRing(bytes: 4096)
    let flag = Flag()
    let wanted = 20_000
    async let taken = take(ring, until: flag)
    for number in 0..<wanted {
      let octet = UInt8(truncatingIfNeeded: number)
      put(ring, name: [octet], message: [UInt8](repeating: octet, count: 100))
      if number % 16 == 0 { await Task.yield() }
    }
    flag.isDone.store(true, ordering: .releasing)
    let (count, torn) = await taken
    #expect(count + ring.dropped == wanted && torn == 0)
  }

  @concurrent private func take(
    _ ring: TapRing, until flag: Flag
  ) async -> (Int, Int) {
    var name: [UInt8] = []
    var message: [UInt8] = []
    var (count, torn) = (0, 0)
    while true {
      let wasDone = flag.isDone.load(ordering: .acquiring)
      while ring.next(name: &name, message: &message) != nil {
        count += 1
        if message.count != 100 || message.contains(where: { $0 != name.first }) { torn += 1 }
      }
      if wasDone { return (count, torn) }
      await Task.yield()
    }
  }
}
