/// Bounds of zone transfers, each with where it comes from.
package enum TransferLimits {
  /// Octets of records after which a message of a transfer is sent.
  ///
  /// Half of the largest message:
  /// pointers reach the first 16,384 octets only (RFC 1035 §4.1.4), so larger ones compress worse,
  /// and the event loop is back at other clients' queries sooner.
  static let messageOctets = 32_768
  /// Transfers going out at a time, over all zones; BIND's transfers-out is 10, but ours cost one
  /// message of memory each.
  package static let outgoing = 64
  /// How long one transfer out may take, seconds: BIND's max-transfer-time-out.
  static let outgoingSeconds: Int64 = 7_200
  /// Transfers coming in at a time, over all zones: BIND's transfers-in.
  package static let incoming = 10
  /// How long one transfer in may take, seconds: BIND's max-transfer-time-in.
  static let incomingSeconds: Int64 = 7_200
  /// How long a primary may be silent, seconds.
  static let silenceSeconds: Int64 = 30
  /// How long connecting to a primary may take, seconds.
  static let connectSeconds: Int64 = 10
  /// Octets of records of one zone: offsets of a loaded zone have 32 bits.
  package static let zoneOctets = 1 << 31
  /// Octets of the differences of one incremental transfer, which are sorted in memory; a larger one
  /// is fetched as a whole zone, which is not.
  package static let differenceOctets = 256 << 20
  /// Versions an incremental transfer may step over; more is a loop or a primary gone wild.
  static let differenceSteps = 100_000
}
