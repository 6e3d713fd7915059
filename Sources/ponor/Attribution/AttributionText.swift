import Addressing
import Attribution
import Evidence
import Foundation

/// A source as a line.
enum SourceLine {
  static func text(_ source: SourceSummary) -> String {
    var text = "\(source.format) \(source.path): \(source.rows) rows, \(source.intervals) intervals"
    if source.malformed > 0 { text += ", \(source.malformed) rows cannot be read" }
    if let earliest = source.earliest, let latest = source.latest {
      text += ", \(UTCTime.rfc3339(seconds: earliest / 1_000_000))"
      text += " … \(UTCTime.rfc3339(seconds: latest / 1_000_000))"
    }
    return text
  }
}

/// An answer as text.
enum AnswerText {
  static func line(_ answer: AttributionAnswer) -> String {
    var text = answer.state.rawValue
    if let key = answer.key { text += " \(key)" }
    if let source = answer.source { text += " (\(source))" }
    if let inside = answer.inside { text += " inside \(inside)" }
    return text
  }

  private struct Form: Encodable {
    var address: String
    var port: UInt16?
    var proto: UInt8?
    var at: String
    var state: String
    var key: String?
    var source: String?
    var inside: String?
  }

  static func json(_ question: AttributionQuestion, _ answer: AttributionAnswer) -> String {
    JSONText.of(
      Form(
        address: question.address.description, port: question.port,
        proto: question.transport == .any ? nil : question.transport.rawValue,
        at: UTCTime.rfc3339(microseconds: question.instant), state: answer.state.rawValue,
        key: answer.key, source: answer.source, inside: answer.inside?.description))
  }
}

/// An index as text.
enum IndexText {
  static func line(_ index: SubscriberIndex) -> String {
    "\(index.path): built \(UTCTime.rfc3339(seconds: index.builtAt / 1_000_000)), "
      + "\(index.intervalCount) intervals of \(index.placeCount) addresses and prefixes, "
      + "\(index.rules.count) computed mappings, \(index.fileSize) octets"
  }

  private struct Form: Encodable {
    struct Source: Encodable {
      var format: String
      var join: String
      var path: String
      var rows: Int
      var malformed: Int
      var intervals: Int
      var earliest: String?
      var latest: String?
    }
    var path: String
    var built: String
    var octets: Int
    var intervals: Int
    var places: Int
    var mappings: Int
    var sources: [Source]
  }

  static func json(_ index: SubscriberIndex) -> String {
    let sources = index.sources.map { source in
      Form.Source(
        format: source.format, join: source.join, path: source.path, rows: source.rows,
        malformed: source.malformed, intervals: source.intervals,
        earliest: source.earliest.map { UTCTime.rfc3339(microseconds: $0) },
        latest: source.latest.map { UTCTime.rfc3339(microseconds: $0) })
    }
    return JSONText.of(
      Form(
        path: index.path, built: UTCTime.rfc3339(microseconds: index.builtAt),
        octets: index.fileSize, intervals: index.intervalCount, places: index.placeCount,
        mappings: index.rules.count, sources: sources))
  }
}

private enum JSONText {
  static func of(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
