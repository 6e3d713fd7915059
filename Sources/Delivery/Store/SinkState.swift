import GRDB

/// Where a sink stands.
package struct SinkState: Equatable, Sendable {
  /// Row of the table.
  package var id: Int64
  /// Name of the sink.
  package var name: String
  /// When it first appeared, microseconds since 1970.
  package var created: Int64
  /// Newest sequence of the feed at that time: what is older than the backlog is left out up to
  /// here, and nothing after it, whatever clock its time comes from.
  package var backlogEnd: Int64
  /// Last sequence of the feed that was dealt with.
  package var cursor: Int64 = 0
  /// Failures since the last success.
  package var failuresInRow = 0
  /// Not tried before this, microseconds since 1970.
  package var nextTry: Int64 = 0
  /// Sequence of the message that is being tried; 0 = none.
  package var head: Int64 = 0
  /// How often it was tried.
  package var headTries = 0
  /// When it was first tried, microseconds since 1970; moved so that what lies between that and the
  /// last try is the time for which it was tried.
  package var headFirstTried: Int64 = 0
  /// When something was last taken, microseconds since 1970.
  package var lastSuccess: Int64?
  /// Why something was last not taken.
  package var lastError: String?
  /// When, microseconds since 1970.
  package var lastErrorAt: Int64?
  /// Messages, or records in documents, that were taken.
  package var delivered = 0
  /// Tries that failed.
  package var failures = 0
  /// Why it is switched off; nil when it is not.
  package var disabled: String?

  init(row: Row) {
    id = row["id"]
    name = row["name"]
    created = row["created"]
    // A reader may see the file before the delivering process has brought it up to date.
    backlogEnd = row["backlog_end"] ?? 0
    cursor = row["cursor"]
    failuresInRow = row["failures_in_row"]
    nextTry = row["next_try"]
    head = row["head"]
    headTries = row["head_tries"]
    headFirstTried = row["head_first_tried"]
    lastSuccess = row["last_success"]
    lastError = row["last_error"]
    lastErrorAt = row["last_error_at"]
    delivered = row["delivered"]
    failures = row["failures"]
    disabled = row["disabled"]
  }

  func save(_ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE sinks SET backlog_end = ?, cursor = ?, failures_in_row = ?, next_try = ?, head = ?, head_tries = ?,
          head_first_tried = ?, last_success = ?, last_error = ?, last_error_at = ?,
          delivered = ?, failures = ?, disabled = ? WHERE id = ?
        """,
      arguments: [
        backlogEnd, cursor, failuresInRow, nextTry, head, headTries, headFirstTried, lastSuccess,
        lastError,
        lastErrorAt, delivered, failures, disabled, id,
      ])
  }

  // MARK: - What happens to it

  /// Something was taken.
  package mutating func succeed(_ number: Int, now: Int64) {
    guard number > 0 else { return }
    delivered += number
    lastSuccess = now
    failuresInRow = 0
    nextTry = 0
    (head, headTries, headFirstTried) = (0, 0, 0)
  }

  /// The message of a sequence was not taken.
  package mutating func fail(_ reason: String, sequence: Int64, now: Int64, wait: Int64) {
    if head == sequence, let before = lastErrorAt {
      // Only the wait between two tries is trial: neither what a clock jumped over, forward or back,
      // nor a time in which no server ran.
      let (passed, waited) = (now - before, max(nextTry - before, 0))
      headFirstTried += passed - min(max(passed, 0), waited)
    } else {
      (head, headTries, headFirstTried) = (sequence, 0, now)
    }
    headTries += 1
    failures += 1
    failuresInRow += 1
    lastError = reason
    lastErrorAt = now
    nextTry = now + wait
  }
}
