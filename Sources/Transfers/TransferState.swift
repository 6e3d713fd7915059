/// What the query path needs of transfers, as a part of the serving state.
package struct TransferState: Sendable {
  /// Keys that signatures are checked with.
  package var keys = TSIGKeyring()
  /// Zones offered.
  package var zones = TransferZones()
  /// Counts transfers that go out; the same object as long as the server runs.
  package var census = TransferCensus()
  /// Where notifications go, nil when there are no secondary zones.
  package var gate: NotifyGate?

  /// Nothing offered, no keys.
  package init() {}
}
