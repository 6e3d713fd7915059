import Evidence
import Exporters
import Foundation

/// Where the records of an export come from: a file of canonical JSON lines, or data_dir.
struct ExportSource {
  let selection: ExportSelection
  let configuration: ConfigurationOption

  /// Octets that are read at once.
  private static let chunk = 1 << 16

  /// Gives each selected record to `take`; those below the gate are counted.
  func forEach(_ take: (InfectionRecord) throws -> Void) throws {
    var belowGate = 0
    let gate = selection.gate?.gate ?? defaultGate
    try everyRecord { record in
      if let since = selection.since, record.firstMicroseconds < since.microseconds { return }
      if let until = selection.until, record.firstMicroseconds >= until.microseconds { return }
      guard record.gate >= gate || record.change == .withdrawn else {
        belowGate += 1
        return
      }
      try take(record)
    }
    if belowGate > 0 {
      StandardError.write("\(belowGate) records below --gate \(gate.rawValue)")
    }
  }

  /// A single lookup is no infection: only what is `suspected` leaves, unless more is asked for.
  ///
  /// What an operator exports by hand from the own data_dir is up to the operator.
  private var defaultGate: InfectionRecord.Gate {
    selection.records == nil ? .recorded : .suspected
  }

  private func everyRecord(_ take: (InfectionRecord) throws -> Void) throws {
    guard let path = selection.records else {
      return try EvidenceSource(configuration: configuration).forEach(
        since: selection.since?.microseconds, until: selection.until?.microseconds, take)
    }
    let isInput = path == "-"
    guard
      let file = isInput ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
    else { throw CommandFailure.failed("cannot read \(path): it is missing, or not readable") }
    var reader = CanonicalReader(path: isInput ? "standard input" : path)
    while let octets = try read(file, path) { try reader.push(octets, take) }
    let report = try reader.finish(take)
    for problem in report.problems { StandardError.write(problem) }
    if report.refused > 0 {
      StandardError.write("\(report.refused) of \(report.lines) lines are no infection records")
    }
  }

  private func read(_ file: FileHandle, _ path: String) throws -> Data? {
    do {
      guard let octets = try file.read(upToCount: Self.chunk), !octets.isEmpty else { return nil }
      return octets
    } catch {
      throw CommandFailure.failed("cannot read \(path): \(error.localizedDescription)")
    }
  }
}
