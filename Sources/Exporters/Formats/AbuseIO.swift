internal import DGAKit
package import Evidence
import FoundationEssentials

/// Mails for AbuseIO: one per UTC day, with Shadowserver's `event4_sinkhole` as zipped CSV.
///
/// AbuseIO reads such a mail only by its attachment, a `.zip` that holds a CSV of the right name. It
/// knows no report for IPv6 and none for forwarders, so those are skipped. Its `sender_map` must name
/// our address.
package struct AbuseIO: InfectionFolderFormat {
  /// `abuseio`.
  package static let name = "abuseio"
  /// What AbuseIO's parser reads.
  package static let follows =
    "AbuseIO parser-shadowserver 93f7d14: mail with zipped event4_sinkhole"

  /// Characters of base64 on a line (RFC 2045 §6.8).
  private static let lineLength = 76

  private let options: ExportOptions

  /// Prepares the format.
  package init(options: ExportOptions) { self.options = options }

  /// A mail per day, `2026-11-22-event4_sinkhole-isp-all.eml`.
  package func files(
    _ records: [InfectionRecord]
  ) -> (files: [ExportedFile], skipped: [String: Int]) {
    var files: [ExportedFile] = []
    var skipped: [String: Int] = [:]
    for (day, records) in Dictionary(grouping: records, by: \.day).sorted(by: { $0.key < $1.key }) {
      var document = DocumentWriter(Event4Sinkhole(options: options))
      let csv = records.reduce(into: "") { $0 += document.add($1) } + document.finish()
      skipped.merge(document.counts.skipped, uniquingKeysWith: +)
      guard document.counts.written > 0 else { continue }
      let stem = String(
        ExportFileName.of(
          day: day, format: Event4Sinkhole.name, fileTag: options.fileTag, fileExtension: ""
        ).dropLast())
      var archive = ZipArchive()
      archive.add(name: stem + ".csv", Array(csv.utf8))
      let mail = mail(stem, archive.octets, records: document.counts.written)
      files.append(ExportedFile(path: stem + ".eml", octets: Array(mail.utf8)))
    }
    return (files, skipped)
  }

  // MARK: - The mail

  private func mail(_ stem: String, _ archive: [UInt8], records: Int) -> String {
    let identity = SHA256.hash(archive).hexadecimal.prefix(32)
    let boundary = "ponor-\(identity)"
    return lines([
      "From: \(header(options.contact))",
      "To: undisclosed-recipients:;",
      "Subject: [\(header(options.organisation))] \(stem)",
      "Date: \(MailDate.text(microseconds: options.now))",
      // The same report has the same identity, so that a repeated mail is known.
      "Message-ID: <\(identity)@\(header(options.domain))>",
      "MIME-Version: 1.0",
      "Auto-Submitted: auto-generated",
      "Content-Type: multipart/mixed; boundary=\"\(boundary)\"",
      "",
      "--\(boundary)",
      "Content-Type: text/plain; charset=us-ascii",
      "",
      "\(records) infected hosts, one row each, in the attached file.",
      "Times are UTC; time, address and source port together name a line.",
      "",
      "--\(boundary)",
      "Content-Type: application/zip; name=\"\(stem).zip\"",
      "Content-Disposition: attachment; filename=\"\(stem).zip\"",
      "Content-Transfer-Encoding: base64",
      "",
      base64(archive),
      "--\(boundary)--",
    ])
  }

  private func lines(_ lines: [String]) -> String {
    lines.map { $0 + "\r\n" }.joined()
  }

  private func base64(_ octets: [UInt8]) -> String {
    let text = Array(Data(octets).base64EncodedString().utf8)
    return stride(from: 0, to: text.count, by: Self.lineLength).map { start in
      String(decoding: text[start..<min(start + Self.lineLength, text.count)], as: UTF8.self)
    }.joined(separator: "\r\n")
  }

  /// No setting may add a header of its own.
  private func header(_ text: String) -> String { SafeText.ascii(text) }
}

/// Dates in mails.
enum MailDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `Sun, 22 Nov 2026 03:14:07 +0000` (RFC 5322 §3.3).
  static func text(microseconds: Int64) -> String {
    // 1970-01-01 was a Thursday.
    let weekday = Int(UTCTime.dayNumber(microseconds: microseconds) % 7 + 7) % 7
    let parts = UTCTime.spaced(microseconds: microseconds).split(separator: " ")
    let date = parts[0].split(separator: "-")
    let month = months[max(0, (Int(date[1]) ?? 1) - 1)]
    return "\(days[weekday]), \(date[2]) \(month) \(date[0]) \(parts[1]) +0000"
  }
}
