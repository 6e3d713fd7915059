import DeliveryRules
import Foundation

/// The daily reports that wait for a recipient: files of a folder in the data directory.
package struct ReportFolder: Sendable {
  /// Formats reports are made in.
  package static let formats = ["event4_sinkhole", "event6_sinkhole", "event4_sinkhole_dns"]
  /// How long reports wait, days.
  package static let retentionDays = 30

  /// A report.
  struct Report: Equatable {
    var id: String
    var file: String
    var day: String
    var type: String
  }

  let path: String
  let tenant: Tenant

  /// Where the reports of a recipient are.
  package static func path(dataDirectory: String, recipient: String) -> String {
    "\(dataDirectory)/reports/\(recipient)"
  }

  /// All reports, the oldest first.
  func reports() -> [Report] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.sorted().compactMap { name in
      let parts = name.split(separator: "-", omittingEmptySubsequences: false)
      let day = parts.prefix(3).joined(separator: "-")
      guard parts.count == 6, ReportRequest.isDay(day), name.hasSuffix(".csv") else { return nil }
      return Report(id: identifier(name), file: name, day: day, type: String(parts[3]))
    }
  }

  /// An identifier nobody else can guess: it alone opens the report, as at Shadowserver.
  func identifier(_ name: String) -> String {
    MessageCode.hexadecimal(
      Array(
        MessageCode.hmacSHA256(key: tenant.token, Array("report \(name)".utf8)).prefix(16)))
  }

  /// Deletes reports that waited for too long.
  package static func prune(dataDirectory: String, firstDayKept: String) {
    let root = "\(dataDirectory)/reports"
    let manager = FileManager.default
    for recipient in (try? manager.contentsOfDirectory(atPath: root)) ?? [] {
      let folder = "\(root)/\(recipient)"
      for name in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] {
        let day = String(name.prefix(10))
        guard ReportRequest.isDay(day), day < firstDayKept else { continue }
        try? manager.removeItem(atPath: "\(folder)/\(name)")
      }
    }
  }
}
