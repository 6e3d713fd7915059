package import DNSWire

/// What the status page says of a loaded zone.
package struct ZoneSummary: Sendable, Equatable {
  /// The apex.
  package let name: Name
  /// The master file.
  package let path: String
  /// The SOA serial.
  package let serial: UInt32
  /// Records served.
  package let recordCount: Int
  /// Whether the zone holds signatures.
  package let isSigned: Bool
  /// Modification time of the file as of loading, seconds since 1970 in UTC; nil if it is gone.
  package let modified: Int?
  /// Whether the file has since failed to load and this is the version before.
  package let isFormerVersion: Bool
}
