import Evidence
import WireSamples

/// What one lookup of a test is about; everything has a plain value of its own.
struct Lookup {
  var name = "kzqmwvxtrbdfhjlp.com"
  var family = "demo"
  var variant = ""
  var seed = "s"
  /// Days from the lookup to the middle of the name's day of validity.
  var daysOff: Int64 = 0
  /// Validity, seconds since 1970, instead of that day.
  var validFrom: Int64?
  var validTo: Int64?
  /// Whether the name is always valid.
  var isStatic = false
  var ordinal: UInt32? = 0
  /// Seconds after `Lookup.start`.
  var at: Double = 0
  var qtype: UInt16 = 1
  var isVerified = true
  var wasChallenged = false
  var count: UInt64 = 1
  var action = HitAction.sinkhole
  var client = "192.0.2.7"
  var transport = HitTransport.tcp

  /// Noon of a day, microseconds since 1970.
  static let start: Int64 = 1_790_078_400_000_000

  var microseconds: Int64 { Self.start + Int64(at * 1_000_000) }

  /// The hit, with that number.
  func hit(_ id: Int64) -> HitRow {
    let day: Int64 = 86_400
    let seconds = microseconds / 1_000_000
    let from = seconds - seconds % day + daysOff * day
    let provenance = Provenance(
      family: family, variant: variant, seed: seed, kind: .model,
      validFrom: isStatic ? nil : validFrom ?? from, validTo: isStatic ? nil : validTo ?? from + day
    )
    return HitRow(
      id: id, firstMicroseconds: microseconds, lastMicroseconds: microseconds, count: count,
      client: ClientAddress(client) ?? ClientAddress(ipv4: 0), clientPort: 4000,
      server: ClientAddress(ipv4: 0x7f00_0001), serverPort: 53,
      transport: isVerified ? transport : .udp, isVerified: isVerified,
      wasChallenged: wasChallenged, qnameWire: Self.wire(name), matchedOffset: 0, qtype: qtype,
      action: action, matches: [ProvenanceMatch(provenance: provenance, ordinal: ordinal)])
  }

  static func wire(_ name: String) -> [UInt8] {
    name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }

  /// A name of 16 letters that nobody registered, different for each number.
  static func longName(_ number: Int, suffix: String = "com") -> String {
    var numbers = SeededGenerator(seed: UInt64(number) &+ 77)
    let letters = (0..<16).map { _ in
      String(UnicodeScalar(UInt8(97 + numbers.next() % 26)))
    }
    return letters.joined() + "." + suffix
  }
}

extension HitRow {
  fileprivate init(
    id: Int64, firstMicroseconds: Int64, lastMicroseconds: Int64, count: UInt64,
    client: ClientAddress, clientPort: UInt16, server: ClientAddress, serverPort: UInt16,
    transport: HitTransport, isVerified: Bool, wasChallenged: Bool, qnameWire: [UInt8],
    matchedOffset: Int, qtype: UInt16, action: HitAction, matches: [ProvenanceMatch]
  ) {
    self.init(
      id: id, firstMicroseconds: firstMicroseconds, lastMicroseconds: lastMicroseconds,
      count: count, client: client, clientPort: clientPort, server: server,
      serverPort: serverPort, transport: transport, isVerified: isVerified, qnameWire: qnameWire,
      matchedOffset: matchedOffset, qtype: qtype, action: action, matches: matches,
      unresolved: nil)
    self.wasChallenged = wasChallenged
  }
}
