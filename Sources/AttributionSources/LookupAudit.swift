import Addressing
package import Attribution
package import Evidence
import Foundation
import Glibc

/// One look-up of personal data, for the record.
package struct LookupAudit: Equatable, Sendable {
  /// When, microseconds since 1970.
  package var time: Int64
  /// Who: the user's name, or number.
  package var user: String
  /// Why, as the user said; may be empty.
  package var reason: String
  /// What was asked.
  package var question: AttributionQuestion
  /// What was found: the state only, never the key.
  package var answer: AttributionAnswer

  /// Makes an entry.
  package init(
    time: Int64, user: String, reason: String, question: AttributionQuestion,
    answer: AttributionAnswer
  ) {
    self.time = time
    self.user = user
    self.reason = reason
    self.question = question
    self.answer = answer
  }

  /// Takes an entry; if it throws, the answer must not be shown.
  package typealias Sink = @Sendable (LookupAudit) throws -> Void

  /// The entry as one line of JSON.
  package var line: String {
    var fields: [(String, String)] = [
      ("time", Self.quoted(UTCTime.rfc3339(microseconds: time))), ("user", Self.quoted(user)),
      ("reason", Self.quoted(reason)), ("address", Self.quoted(question.address.description)),
    ]
    if let port = question.port { fields.append(("port", String(port))) }
    if question.transport != .any { fields.append(("proto", String(question.transport.rawValue))) }
    fields.append(("at", Self.quoted(UTCTime.rfc3339(microseconds: question.instant))))
    fields.append(("result", Self.quoted(answer.state.rawValue)))
    return "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
  }

  fileprivate static func quoted(_ text: String) -> String {
    let data = try? JSONEncoder().encode(text)
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}

/// A request of `ponor attribution serve`, for the record: how many were asked about and found; who they
/// are is with whoever asked.
package struct RequestAudit: Equatable, Sendable {
  /// When, microseconds since 1970.
  package var time: Int64
  /// Who: the user at the other end of the socket, name or number.
  package var user: String
  /// What was found for each question.
  package var states: [InfectionRecord.Subscriber.State]

  /// Makes an entry.
  package init(time: Int64, user: String, states: [InfectionRecord.Subscriber.State]) {
    self.time = time
    self.user = user
    self.states = states
  }

  /// Takes an entry; if it throws, the answers must not be given.
  package typealias Sink = @Sendable (RequestAudit) throws -> Void

  /// The entry as one line of JSON.
  package var line: String {
    let counts = InfectionRecord.Subscriber.State.allCases.map { state in
      ",\"\(state.rawValue)\":\(states.count { $0 == state })"
    }
    return "{\"time\":\(LookupAudit.quoted(UTCTime.rfc3339(microseconds: time))),"
      + "\"user\":\(LookupAudit.quoted(user)),\"reason\":\"scoring of hits\","
      + "\"questions\":\(states.count)\(counts.joined())}"
  }
}

/// A file of audit lines that only grows.
package enum AuditFile {
  /// A sink of look-ups by hand that appends to the file at `path`, which only its owner may read.
  package static func sink(_ path: String) -> LookupAudit.Sink {
    { entry in try append(entry.line, to: path) }
  }

  /// A sink of requests that appends to the same file.
  package static func requests(_ path: String) -> RequestAudit.Sink {
    { entry in try append(entry.line, to: path) }
  }

  private static func append(_ line: String, to path: String) throws(AuditFailure) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw AuditFailure(path: path, reason: errno) }
    defer { close(descriptor) }
    // One write: lines of several commands at once do not mix.
    let octets = Array((line + "\n").utf8)
    guard octets.withUnsafeBytes({ write(descriptor, $0.baseAddress, $0.count) }) == octets.count
    else { throw AuditFailure(path: path, reason: errno) }
  }
}

/// The audit line could not be written.
package struct AuditFailure: Error, Sendable {
  /// The file.
  package var path: String
  /// The system's reason.
  package var reason: Int32

  /// One line: what, where, what to do.
  package var message: String {
    "no answer without a record: cannot write \(path): \(String(cString: strerror(reason))); see attribution.audit"
  }
}
