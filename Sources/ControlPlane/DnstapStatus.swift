/// Messages told to who listens in.
package struct DnstapStatus: Codable, Sendable, Equatable {
  /// Messages sent.
  package var sent: Int
  /// Messages lost because their reader was slow or away.
  package var dropped: Int

  /// Puts both together.
  package init(sent: Int, dropped: Int) {
    self.sent = sent
    self.dropped = dropped
  }
}
