import Evidence
import Exporters
import Foundation

/// Reports over made-up hits, odd ones included, for the real consumers to read.
enum ShadowserverSample {
  static func write(to directory: String) throws {
    for (part, withQuery) in [("plain", false), ("query", true)] {
      var options = ShadowserverReport.Options()
      options.withQuery = withQuery
      options.publicSource = "example isp"
      var report = ShadowserverReport(options: options)
      for hit in hits() { report.add(hit) }
      for kind in ShadowserverReport.Kind.allCases {
        for day in report.days(kind: kind) {
          let name = ShadowserverReport.fileName(
            kind: kind, day: day, name: "isp", part: part)
          let path = directory + "/" + name
          try report.csv(kind: kind, day: day).write(
            toFile: path, atomically: true, encoding: .utf8)
          print(path)
        }
      }
    }
  }

  /// 2026-11-22T03:14:07.25Z and after.
  private static let start: Int64 = 1_795_317_247_250_000

  private static func hits() -> [HitRow] {
    let clients = ["198.51.100.23", "198.51.100.24", "2001:db8::17", "2001:db8:0:1::ff"]
    let families = ["conficker", "Necurs", "=cmd|' /C calc'!A0", "odd\"name;with,all\u{1b}[31m"]
    let labels: [[UInt8]] = [Array("xkqvhlmrtu".utf8), [0xff, 0x00, 0x22, 0x2e], Array("-x".utf8)]
    var hits: [HitRow] = []
    for number in 0..<96 {
      let label = labels[number % 3]
      hits.append(
        HitRow(
          id: Int64(number + 1), firstMicroseconds: start + Int64(number) * 1_800_000_000,
          lastMicroseconds: start + Int64(number) * 1_800_000_000, count: UInt64(number % 5 + 1),
          client: ClientAddress(clients[number % 4]) ?? ClientAddress(ipv4: 0),
          clientPort: UInt16(40_000 + number), server: ClientAddress(ipv4: 0xc000_0235),
          serverPort: 53, transport: HitTransport(rawValue: UInt8(number % 4)) ?? .udp,
          isVerified: number % 4 > 0,
          qnameWire: [UInt8(label.count)] + label + [3] + Array("biz".utf8) + [0],
          matchedOffset: 0, qtype: number % 2 == 0 ? 1 : 28, action: .sinkhole,
          matches: [
            ProvenanceMatch(
              provenance: Provenance(
                family: families[number / 4 % 4], variant: number % 8 == 0 ? "b" : "", seed: "s",
                kind: number % 16 == 0 ? .feed : .model, validFrom: nil, validTo: nil),
              ordinal: UInt32(number))
          ], unresolved: nil))
    }
    return hits
  }
}
