/// One read of personal data, or one erasure.
package struct AuditEntry: Equatable, Sendable {
  /// When, microseconds since 1970.
  package var time: Int64
  /// Who: `uid 1000 (alice)`, or the name of a token.
  package var who: String
  /// By which way: `command`, `http`, `delivery`.
  package var via: String
  /// What was read, in a few words: `infections list`.
  package var action: String
  /// Keyed pseudonym of whom it was about; empty when it was about many.
  package var subject: String
  /// How many records were read.
  package var count: Int

  /// Makes an entry; every field is described at its property.
  package init(
    time: Int64, who: String, via: String, action: String, subject: String = "", count: Int
  ) {
    self.time = time
    self.who = who
    self.via = via
    self.action = action
    self.subject = subject
    self.count = count
  }
}
