package import Evidence
import FoundationEssentials

/// Reads canonical JSON lines as they come; a line that is no record is counted and passed over.
package struct CanonicalReader {
  /// What was read and what was not.
  package struct Report: Equatable, Sendable {
    /// Lines that are not empty.
    package var lines = 0
    /// Lines that are records.
    package var accepted = 0
    /// What is wrong with the first lines that are none, with file and line, one line each.
    package var problems: [String] = []
    /// Lines that are no records.
    package var refused: Int { lines - accepted }
  }

  /// The longest line; a record of ten lookups is about 8 KB, one with a term per name of a family
  /// with thousands of names a few hundred.
  package static let longestLine = 4 << 20
  /// How many problems are told in words.
  package static let problemLimit = 20

  /// The report so far.
  package private(set) var report = Report()
  private let path: String
  private let decoder = JSONDecoder()
  private var number = 0
  private var line: [UInt8] = []
  private var isTooLong = false

  /// Begins; `path` is what messages call the source.
  package init(path: String) { self.path = path }

  /// Takes the next octets and gives the records that are complete.
  package mutating func push(
    _ octets: some Sequence<UInt8>, _ take: (InfectionRecord) throws -> Void
  ) rethrows {
    for octet in octets {
      if octet == UInt8(ascii: "\n") {
        try endLine(take)
      } else if line.count < Self.longestLine {
        line.append(octet)
      } else {
        isTooLong = true
      }
    }
  }

  /// Gives the last record, if its line has no end, and the report.
  package mutating func finish(_ take: (InfectionRecord) throws -> Void) rethrows -> Report {
    try endLine(take)
    return report
  }

  private mutating func endLine(_ take: (InfectionRecord) throws -> Void) rethrows {
    number += 1
    defer {
      line.removeAll(keepingCapacity: true)
      isTooLong = false
    }
    guard line.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }) else {
      return
    }
    report.lines += 1
    let record: InfectionRecord
    do throws(RecordError) {
      guard !isTooLong else {
        throw RecordError("the line is longer than \(Self.longestLine) octets")
      }
      record = try parse(line)
    } catch {
      if report.problems.count < Self.problemLimit {
        report.problems.append("\(path):\(number): no infection record: \(error.description)")
      }
      return
    }
    report.accepted += 1
    try take(record)
  }

  private func parse(_ line: [UInt8]) throws(RecordError) -> InfectionRecord {
    let record: InfectionRecord
    do {
      record = try decoder.decode(CanonicalDocument.self, from: Data(line)).record
    } catch let error as DecodingError {
      throw RecordError(Self.describe(error))
    } catch {
      throw RecordError("the line is not JSON")
    }
    try RecordCheck.check(record)
    return record
  }

  private static func describe(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): "\(path(context, key)) is missing"
    case .typeMismatch(_, let context): "\(path(context)) has another type"
    case .valueNotFound(_, let context): "\(path(context)) is null"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "the line is not JSON" : "\(path(context)) has a value that is not known"
    @unknown default: "the line cannot be read"
    }
  }

  private static func path(
    _ context: DecodingError.Context, _ last: (any CodingKey)? = nil
  ) -> String {
    (context.codingPath + (last.map { [$0] } ?? [])).map { key in
      key.intValue.map { "[\($0)]" } ?? key.stringValue
    }.joined(separator: ".")
  }
}
