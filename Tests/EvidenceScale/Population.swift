import Evidence
import HitLog
import Synchronization

/// The lookups of all clients in the order of time.
struct Population {
  let clients: Int
  let hitsPerClient: Int
  private var number = 0

  init(clients: Int, hitsPerClient: Int) {
    self.clients = clients
    self.hitsPerClient = hitsPerClient
  }

  var isEmpty: Bool { number >= clients * hitsPerClient }

  /// The next lookup and its name in wire form; nil at the end.
  mutating func next() -> (HitEvent, [UInt8])? {
    guard !isEmpty else { return nil }
    defer { number += 1 }
    let together = min(EvidenceScale.together, clients)
    let perBurst = max(1, hitsPerClient / 2)
    let burst = number / (clients * perBurst)
    let inBurst = number % (clients * perBurst)
    let group = inBurst / (together * perBurst)
    let inGroup = inBurst % (together * perBurst)
    let place = inGroup / together
    let client = group * together + inGroup % together
    let time =
      EvidenceScale.start + Int64(burst) * 36_000_000_000 + Int64(inBurst) * 30_000_000_000
      / Int64(clients * perBurst)
    return (event(client: client, place: place, time: time), Self.name(client % 100, place))
  }

  private func event(client: Int, place: Int, time: Int64) -> HitEvent {
    HitEvent(
      timeMicroseconds: time, clientHigh: 0,
      clientLow: 0xffff << 32 | UInt64(0x0a00_0000 + client), clientPort: UInt16(client % 50_000),
      serverHigh: 0, serverLow: 0xffff_c000_0235, serverPort: 53, transport: UInt8(client % 2),
      flags: UInt8(client % 2), qtype: 1, action: 1, generation: 1,
      payload: UInt64(client % 100) << 32 | UInt64(place), matchedOffset: 0)
  }

  /// Twelve letters and `com`.
  private static func name(_ family: Int, _ place: Int) -> [UInt8] {
    var rest = UInt64(family * 100_000 + place) &* 0x9e37_79b9_7f4a_7c15
    var octets: [UInt8] = [12]
    for _ in 0..<12 {
      octets.append(UInt8(97 + rest % 26))
      rest = rest / 26 ^ rest &* 0x100_0000_01b3
    }
    return octets + [3, 99, 111, 109, 0]
  }
}

/// Payload = family << 32 | place in a list that is always valid.
struct NumberedSource: ProvenanceSource {
  func matches(generation: UInt64, payload: UInt64) -> [ProvenanceMatch] {
    let provenance = Provenance(
      family: "family\(payload >> 32)", variant: "", seed: "s", kind: .model, validFrom: nil,
      validTo: nil)
    return [ProvenanceMatch(provenance: provenance, ordinal: UInt32(payload & 0xffff_ffff))]
  }

  func place(generation: UInt64, payload: UInt64) -> ListPlace? {
    ListPlace(list: payload >> 32, ordinal: UInt32(payload & 0xffff_ffff))
  }
}

/// A clock that stands still until it is set.
final class ManualClock: Sendable {
  private let time: Mutex<Int64>

  init(_ time: Int64) { self.time = Mutex(time) }

  var read: @Sendable () -> Int64 { { self.time.withLock { $0 } } }
  func set(_ time: Int64) { self.time.withLock { $0 = time } }
}
