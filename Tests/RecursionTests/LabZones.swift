import Foundation

/// The zones of a small Internet, signed with ldns-signzone, some of them broken on purpose.
///
/// The root is served at 127.0.0.1 and everything below it at 127.0.0.2, or all by one server for
/// a forwarder.
struct LabZones {
  /// Where the files lie.
  let directory: URL
  /// The root's key as a DS record.
  let trustAnchor: String

  /// Zones below the root: how their file is made.
  static let children = [
    "good", "plain", "altered", "expired", "future", "nosigs", "stripped", "wrongds", "nodenial",
  ]

  /// Path of the file of `zone`, "root" for the root.
  func file(_ zone: String) -> String { directory.appending(path: "\(zone).zone").path }

  /// Makes all zones.
  init(in directory: URL) throws {
    self.directory = directory
    var root = """
      $ORIGIN .
      $TTL 3600
      @ SOA a.ns. hostmaster.ns. 1 3600 600 86400 60
      @ NS a.ns.
      a.ns. A 127.0.0.1
      b.ns. A 127.0.0.2

      """
    for zone in Self.children {
      root += "\(zone). NS b.ns.\n"
      if let ds = try Self.makeChild(zone, in: directory) { root += ds + "\n" }
    }
    let unsigned = directory.appending(path: "root.unsigned").path
    try root.write(toFile: unsigned, atomically: true, encoding: .utf8)
    let key = try Self.makeKey(".", in: directory)
    try run(
      "ldns-signzone",
      ["-o", ".", "-f", directory.appending(path: "root.zone").path, unsigned, key],
      in: directory)
    trustAnchor = try Self.ds(key, in: directory)
  }

  private static func makeChild(_ zone: String, in directory: URL) throws -> String? {
    let unsigned = directory.appending(path: "\(zone).unsigned").path
    let signed = directory.appending(path: "\(zone).zone").path
    let text = """
      $ORIGIN \(zone).
      $TTL 300
      @ SOA b.ns. hostmaster.ns. 1 3600 600 86400 60
      @ NS b.ns.
      www A 192.0.2.1
      www AAAA 2001:db8::1
      alias CNAME www.good.
      *.wild TXT "any"
      big TXT "\(String(repeating: "x", count: 250))" "\(String(repeating: "y", count: 250))"

      """
    try text.write(toFile: unsigned, atomically: true, encoding: .utf8)
    if zone == "plain" {
      try text.write(toFile: signed, atomically: true, encoding: .utf8)
      return nil
    }
    let key = try makeKey("\(zone).", in: directory)
    let dates =
      switch zone {
      case "expired": ["-i", "20190101000000", "-e", "20200101000000"]
      case "future": ["-i", "20700101000000", "-e", "20710101000000"]
      default: [String]()
      }
    try run(
      "ldns-signzone", dates + ["-o", "\(zone).", "-f", signed, unsigned, key], in: directory)
    try damage(zone, signed: signed, unsigned: text)
    let ds = try ds(key, in: directory)
    // The digest is the last field.
    return zone == "wrongds" ? String(ds.dropLast(64)) + String(repeating: "A", count: 64) : ds
  }

  private static func damage(_ zone: String, signed: String, unsigned: String) throws {
    var lines = try String(contentsOfFile: signed, encoding: .utf8)
      .split(separator: "\n").map(String.init)
    switch zone {
    case "altered": lines = lines.map { $0.replacing("192.0.2.1", with: "192.0.2.66") }
    case "nosigs": lines.removeAll { $0.contains("RRSIG\tA ") }
    case "nodenial": lines.removeAll { $0.contains("NSEC") }
    case "stripped": lines = [unsigned]
    default: return
    }
    try (lines.joined(separator: "\n") + "\n")
      .write(toFile: signed, atomically: true, encoding: .utf8)
  }

  private static func makeKey(_ zone: String, in directory: URL) throws -> String {
    try run("ldns-keygen", ["-a", "ECDSAP256SHA256", "-k", zone], in: directory)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func ds(_ key: String, in directory: URL) throws -> String {
    try String(contentsOf: directory.appending(path: "\(key).ds"), encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
