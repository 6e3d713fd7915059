import DNSWire
import Foundation
import Settings
import Transfers

/// Turns settings into what transfers take.
extension Settings {
  /// Where the copy of a zone with primaries is kept.
  func copyPath(_ zone: Settings.Zone, _ name: Name) -> String {
    zone.file ?? FileNames.path(of: name, in: copyDirectory)
  }

  /// Directory of copies whose place the configuration leaves open.
  var copyDirectory: String { dataDirectory + "/zones" }

  /// The zones that are kept as copies, policy zones included.
  func secondaryZones(_ keys: TSIGKeyring) -> [SecondaryZone] {
    let local = zones.compactMap { zone -> SecondaryZone? in
      guard let name = try? Name(zone.name) else { return nil }
      var copy = secondary(
        name, zone.primaries, key: zone.tsig, keys, path: copyPath(zone, name))
      copy?.notifySources = zone.notifyFrom
      return copy
    }
    let policies = rpz.compactMap { zone -> SecondaryZone? in
      guard let name = try? Name(zone.name) else { return nil }
      let path = PolicyCopies.path(of: name, in: policyCopyDirectory)
      var copy = secondary(name, zone.primaries, key: zone.tsig, keys, path: path)
      copy?.notifySources = zone.notifyFrom
      copy?.maximumOctets = Int(clamping: zone.maximumSize.bytes)
      return copy
    }
    return local + policies
  }

  /// Directory of copies of policy zones.
  var policyCopyDirectory: String { dataDirectory + "/rpz" }

  /// Names of the policy zones that are kept as copies.
  var policyCopies: Set<Name> {
    Set(rpz.filter { !$0.primaries.isEmpty }.compactMap { try? Name($0.name) })
  }

  private func secondary(
    _ name: Name, _ primaries: [PrimaryAddress], key: String?, _ keys: TSIGKeyring, path: String
  ) -> SecondaryZone? {
    guard !primaries.isEmpty else { return nil }
    let found = key.flatMap { try? Name($0) }.flatMap { keys[$0] }
    // A zone whose key cannot be read must not be transferred without it.
    guard (key == nil) == (found == nil) else { return nil }
    return SecondaryZone(
      apex: name,
      primaries: primaries.map {
        PrimaryServer(
          endpoint: $0.endpoint, tlsName: $0.tlsName, authorities: resolution.certificateBundle)
      },
      key: found, path: path)
  }

  /// The keys, and what is wrong with those that cannot be read; secrets are in neither.
  func tsigKeyring() -> (keys: TSIGKeyring, problems: [String]) {
    var keys: [TSIGKey] = []
    var problems: [String] = []
    for source in tsigKeys {
      guard let name = try? Name(source.name) else { continue }
      guard let secret = source.secret ?? source.secretFile.flatMap(Self.readSecret) else {
        problems.append(
          "tsig_keys: key '\(source.name)': \(source.secretFile ?? "") holds no base64 of at least "
            + "8 octets, or cannot be read")
        continue
      }
      let algorithm = MACAlgorithm(rawValue: source.algorithm.rawValue) ?? .sha256
      keys.append(TSIGKey(name: name, algorithm: algorithm, secret: secret.octets))
    }
    return (TSIGKeyring(keys), problems)
  }

  private static func readSecret(_ path: String) -> Secret? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    let secret = Secret(base64: text.trimmingCharacters(in: .whitespacesAndNewlines))
    return secret.flatMap { $0.octets.count >= 8 ? $0 : nil }
  }
}

extension Settings {
  typealias Zone = ZoneSource
}

extension TransferAccess {
  /// What a zone's `transfer` says.
  init(_ transfer: ZoneTransfer) {
    self.init()
    allow = transfer.allow
    keys = transfer.keys.compactMap { try? Name($0) }
    notify = transfer.notify.map {
      NotifyTarget(endpoint: $0.address, key: $0.key.flatMap { try? Name($0) })
    }
  }
}
