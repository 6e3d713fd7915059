import Evidence
import EvidenceParameters
import WireSamples

/// States and parameter files to start fuzzing from.
enum EvidenceSamples {
  /// Samples by the name of their entry.
  static func all() throws -> [(entry: String, octets: [UInt8])] {
    let parameters = try EvidenceParameters.builtIn()
    var random = SeededGenerator(seed: 20_261_130)
    var samples: [(entry: String, octets: [UInt8])] = []
    for count in [0, 1, 2, 5, 20, 70, 200] {
      let states = states(lookups: count, parameters, &random)
      samples.append(("episode", (states.episodes["demo"] ?? EpisodeState()).encoded()))
      samples.append(("client", states.client.encoded()))
      samples.append(("fold", random.octets(8 * count)))
    }
    for text in [
      "address:192.0.2.1", "prefix:2001:db8:0:1::/64", "device:192.0.2.1/010602005e100001",
      "line:a%20b", "line:KEY-1", "prefix:10.0.0.0/8",
    ] {
      samples.append(("suspect", Array(text.utf8)))
    }
    samples += files().map { ("parameters", $0) }
    return samples
  }

  private static func states(
    lookups: Int, _ parameters: ScoringParameters, _ random: inout SeededGenerator
  ) -> SuspectStates {
    var states = SuspectStates()
    for index in 0..<lookups {
      let octets = random.octets(4)
      let time = 1_790_078_400_000_000 + Int64(index) * 400_000_000
      let from = time / 1_000_000 + Int64(octets[0] % 3) * 8_640_000
      let provenance = Provenance(
        family: "demo", variant: "v", seed: "\(octets[1] % 3)", kind: .model, validFrom: from,
        validTo: from + 86_400)
      let hit = HitRow(
        id: Int64(index), firstMicroseconds: time, lastMicroseconds: time, count: 1,
        client: ClientAddress(ipv4: 1), clientPort: 1, server: ClientAddress(ipv4: 2),
        serverPort: 53, transport: .tcp, isVerified: octets[2] % 2 == 0,
        qnameWire: [3, 97 + octets[3] % 26, 98, UInt8(97 + index % 26), 0], matchedOffset: 0,
        qtype: 1, action: .sinkhole,
        matches: [ProvenanceMatch(provenance: provenance, ordinal: UInt32(index))],
        unresolved: nil)
      states.add(hit, parameters: parameters)
    }
    return states
  }

  /// The built-in file, whole and without its comments, and files that lack something.
  private static func files() -> [[UInt8]] {
    let whole = EvidenceParameters.builtInFile
    let lines = String(decoding: whole, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0.prefix { $0 != "#" }) }.filter { $0.contains { $0 != " " } }
    let plain = lines.joined(separator: "\n")
    return [
      whole, Array(plain.utf8), Array(plain.replacing("0.9", with: "nine").utf8),
      Array(lines.dropLast(20).joined(separator: "\n").utf8),
      Array((plain + "\nextra: { a: 1 }\n").utf8), Array("version: [x]\n".utf8),
    ]
  }
}
