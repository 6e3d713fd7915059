package import Addressing

/// Addresses that stand for many clients.
package struct SharedAddresses: Hashable, Sendable {
  /// The addresses.
  package var prefix = IPPrefix(address: IPAddress(ipv4: 0), length: 128)
  /// Devices behind one of them, about.
  package var devices = 100

  /// A record without a prefix.
  package init() {}
}

/// How sure the operator is that source addresses are not forged.
package enum SourceAssurance: String, CaseIterable, Sendable {
  /// Access networks drop forged sources.
  case attested
  /// Only the access list protects.
  case listed
  /// Anyone may ask.
  case open
}

/// How sure a score must be.
package enum GateChoice: String, CaseIterable, Sendable {
  /// More likely than not.
  case suspected
  /// Several names, high probability.
  case likely
  /// Fit for quarantine.
  case confirmed
}

/// How far records may be passed on (Traffic Light Protocol 2.0).
package enum TrafficLight: String, CaseIterable, Sendable {
  /// To anybody.
  case clear
  /// Within the community.
  case green
  /// Within the recipient and its clients.
  case amber
  /// Within the recipient only.
  case amberStrict = "amber+strict"
  /// To nobody else.
  case red
}
