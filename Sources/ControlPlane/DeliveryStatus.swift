package import FoundationEssentials

/// How infections reach others.
package struct DeliveryStatus: Codable, Sendable, Equatable {
  /// What the delivering process does, in words.
  package var process: String
  /// One per sink.
  package var sinks: [SinkStatus] = []

  /// Describes the process.
  package init(process: String) { self.process = process }
}

/// One sink.
package struct SinkStatus: Codable, Sendable, Equatable {
  /// Its name.
  package var name: String
  /// Records it has not dealt with.
  package var lag: Int
  /// Records that were taken.
  package var delivered = 0
  /// Tries that failed.
  package var failures = 0
  /// Records set aside.
  package var deadLetters = 0
  /// Records left out, by reason.
  package var skipped: [String: Int] = [:]
  /// When something was last taken.
  package var lastSuccess: Date?
  /// Why the last try failed; nil if it did not.
  package var problem: String?
  /// Whether it is switched off.
  package var isDisabled = false

  /// A sink that has done nothing yet.
  package init(name: String, lag: Int) {
    self.name = name
    self.lag = lag
  }
}

extension StatusText {
  /// Lines about sinks.
  static func delivery(_ delivery: DeliveryStatus) -> [String] {
    [line("delivery", delivery.process)]
      + delivery.sinks.flatMap { sink in
        var text =
          "\(sink.name): \(grouped(sink.delivered)) delivered, \(grouped(sink.lag)) waiting"
        let skipped = sink.skipped.values.reduce(0, +)
        if skipped > 0 { text += ", \(grouped(skipped)) skipped" }
        if sink.deadLetters > 0 { text += ", \(grouped(sink.deadLetters)) dead letters" }
        return [line("", text)]
          + (sink.problem.map { problem in
            [line("", "  \(sink.isDisabled ? "switched off" : "failing"): \(problem)")]
          } ?? [])
      }
  }
}
