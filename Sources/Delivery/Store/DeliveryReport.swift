/// Where all sinks stand, for status and metrics; read without disturbing the delivering process.
package struct DeliveryReport: Equatable, Sendable {
  /// One sink.
  package struct Sink: Equatable, Sendable {
    /// Its name.
    package var name: String
    /// Entries of the feed it has not dealt with.
    package var lag: Int64
    /// Messages, or records in documents, that were taken.
    package var delivered: Int
    /// Tries that failed.
    package var failures: Int
    /// Messages set aside.
    package var deadLetters: Int
    /// Records left out, by reason.
    package var skipped: [String: Int]
    /// When something was last taken, microseconds since 1970.
    package var lastSuccess: Int64?
    /// Why the last try failed; nil if it did not.
    package var problem: String?
    /// Whether it is switched off until its settings change or somebody asks.
    package var isDisabled: Bool
  }

  /// All sinks that were ever configured, by name.
  package var sinks: [Sink]

  /// Reads the report.
  ///
  /// - Parameter newest: the newest sequence of the feed.
  package init(_ store: DeliveryStore, newest: Int64) throws {
    let skips = try store.skips()
    let dead = try store.deadCounts()
    sinks = try store.states().map { state in
      Sink(
        name: state.name, lag: max(0, newest - state.cursor), delivered: state.delivered,
        failures: state.failures, deadLetters: dead[state.name] ?? 0,
        skipped: skips[state.name] ?? [:], lastSuccess: state.lastSuccess,
        problem: state.disabled ?? (state.failuresInRow > 0 ? state.lastError : nil),
        isDisabled: state.disabled != nil)
    }
  }
}
