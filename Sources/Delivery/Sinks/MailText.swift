import DeliveryRules
import Evidence
import Exporters

/// The parts of a mail with one attachment.
package enum MailText {
  /// Header and the part people read.
  static func head(
    _ head: MailSink.Letterhead, _ name: DayName, boundary: String, sink: String, now: Int64
  ) -> String {
    let part = name.part == 1 ? "" : " (part \(name.part))"
    let subject = "\(head.organisation): infected systems seen on \(name.day)\(part)"
    let lines = [
      "From: \(head.from)", "To: \(head.to.joined(separator: ", "))",
      "Subject: \(encoded(subject))", "Date: \(MailDate.text(microseconds: now))",
      // The same at every try, so that a reader can tell a repeat.
      "Message-ID: <\(name.day).\(name.part).\(sink)@\(head.domain)>",
      "MIME-Version: 1.0", "Auto-Submitted: auto-generated",
      "Content-Type: multipart/mixed; boundary=\"\(boundary)\"", "",
      "--\(boundary)", "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: 8bit", "",
      "Systems in your network that asked for names which only malware asks for,",
      "on \(name.day) (UTC)\(part). The attached file has one record for each.", "",
      "A later mail for the same day has only what became known after this one.", "", "",
    ]
    return lines.joined(separator: "\r\n")
  }

  /// What stands before the contents of the attachment.
  static func attachment(
    boundary: String, type: any InfectionFormat.Type, file: String
  ) -> String {
    [
      "--\(boundary)", "Content-Type: \(type.mediaType); name=\"\(file)\"",
      "Content-Disposition: attachment; filename=\"\(file)\"",
      "Content-Transfer-Encoding: base64", "", "",
    ].joined(separator: "\r\n")
  }

  /// A header value: as it is, or encoded if it is not plain (RFC 2047).
  package static func encoded(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) { return text }
    return "=?utf-8?B?\(Base64Text.encode(Array(text.utf8)))?="
  }

  /// Base64 in lines of 76 digits (RFC 2045 §6.8), of octets that come in pieces.
  package struct Base64Lines {
    private var rest: [UInt8] = []
    /// Octets of a line of 76 digits.
    private static let line = 57

    /// Begins with nothing.
    package init() {}

    /// The lines that are complete now.
    package mutating func add(_ octets: [UInt8]) -> String {
      rest += octets
      let whole = rest.count / Self.line * Self.line
      guard whole > 0 else { return "" }
      var text = ""
      for start in stride(from: 0, to: whole, by: Self.line) {
        text += Base64Text.encode(rest[start..<start + Self.line]) + "\r\n"
      }
      rest.removeFirst(whole)
      return text
    }

    /// The last line.
    package func finish() -> String { rest.isEmpty ? "" : Base64Text.encode(rest) + "\r\n" }
  }
}

/// Dates of mails (RFC 5322 §3.3).
package enum MailDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `23 Nov 2026 06:07:08 +0000`; the day of the week may be left out.
  package static func text(microseconds: Int64) -> String {
    let spaced = UTCTime.spaced(microseconds: microseconds)
    let parts = spaced.prefix(10).split(separator: "-")
    guard parts.count == 3, let month = Int(parts[1]), (1...12).contains(month) else {
      return "1 Jan 1970 00:00:00 +0000"
    }
    let clock = spaced.dropFirst(11).prefix(8)
    return "\(parts[2]) \(months[month - 1]) \(parts[0]) \(clock) +0000"
  }
}
