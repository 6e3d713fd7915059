import Evidence
import EvidenceStore
import Exporters
import Foundation
import HitLog
import PonorApp
import Settings

/// Everything that is stored of somebody, as one JSON object with a line per item.
struct AccessReport {
  private let access: EvidenceAccess
  private let suspect: Suspect
  private let data: SubjectData

  /// Finds out what is stored of a suspect.
  init(_ access: EvidenceAccess, of suspect: Suspect) throws {
    self.access = access
    self.suspect = suspect
    data = try EvidenceAccess.storage { () throws(HitStorageError) in
      try SubjectData(
        of: suspect, in: access.database, dataDirectory: access.settings.dataDirectory,
        options: access.options.suspects)
    }
  }

  /// Writes the report to standard output.
  func write() throws {
    var output = StandardOutput()
    output.write("{\"subject\":\(SafeText.json(suspect.description)),")
    output.write("\"time\":\"\(UTCTime.rfc3339(microseconds: access.now))\",")
    output.write(retention)
    try write("hits", try hits(), to: &output)
    try write("episodes", try episodes(), to: &output)
    try write("records", try records(), to: &output)
    try write("reads", try reads(), isLast: true, to: &output)
    output.write("}")
    output.flush()
  }

  private func write(
    _ key: String, _ items: [String], isLast: Bool = false, to output: inout StandardOutput
  ) throws {
    output.write("\"\(key)\":[" + items.joined(separator: ",\n") + "]" + (isLast ? "" : ","))
  }

  private var retention: String {
    let settings = access.settings
    return "\"retention_days\":{\"hits\":\(settings.hits.retentionDays),"
      + "\"episodes\":\(settings.privacy.episodeDays),\"joins\":\(settings.privacy.joinDays),"
      + "\"reads\":\(settings.privacy.auditDays)},"
  }

  private func hits() throws -> [String] {
    let path = HitLogPaths(dataDirectory: access.settings.dataDirectory).database
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    var lines: [String] = []
    try EvidenceAccess.storage { () throws(HitStorageError) in
      let store = try HitStore.open(dataDirectory: access.settings.dataDirectory)
      try store.forEachHit(HitQuery()) { hit in
        let isTheirs = data.covers(
          hit.client, hit.origin, first: hit.firstMicroseconds, last: hit.lastMicroseconds)
        if isTheirs { lines.append(HitLines.json(hit)) }
      }
    }
    return lines
  }

  private func views() throws -> [EpisodeView] {
    let reader = try access.reader()
    return try EvidenceAccess.storage { () throws(HitStorageError) in
      try reader.episodes(of: data)
    }
  }

  private func episodes() throws -> [String] {
    try views().map { try access.report($0, steps: true).json }
  }

  private func records() throws -> [String] {
    let ids = Set(try views().map(\.id))
    guard !ids.isEmpty else { return [] }
    var lines: [String] = []
    var format = CanonicalFormat(options: ExportOptions())
    do {
      let feed = StoredFeed(dataDirectory: access.settings.dataDirectory)
      try feed.forEachRecord(since: nil, until: nil) { entry in
        guard ids.contains(entry.record.episode),
          case .text(let text) = format.body(entry.record)
        else { return }
        lines.append(String(text.prefix { !$0.isNewline }))
      }
    } catch {
      throw CommandFailure.failed("\(error)")
    }
    return lines
  }

  private func reads() throws -> [String] {
    let audit = ReadAudit(access.settings)
    var lines: [String] = []
    for name in data.names {
      let pseudonym = try audit.pseudonym(name)
      lines += try EvidenceAccess.storage { () throws(HitStorageError) in
        try access.database.auditEntries(subject: pseudonym)
      }.map { AuditLines.json($0) }
    }
    return lines
  }
}
