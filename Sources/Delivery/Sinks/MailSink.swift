import DeliveryRules
package import Evidence
import Exporters
import Glibc

/// Sends a mail per UTC day, with the records in a file attached to it (RFC 2045, RFC 2046).
///
/// The mail is written to a file first and sent from there, so that a day of any size takes no
/// memory. Its Message-ID is the same at every try.
package final class MailSink: DaySink {
  /// Who mails whom.
  package struct Letterhead: Sendable {
    /// Sender.
    package var from: String
    /// Readers.
    package var to: [String]
    /// Organisation in subject and text.
    package var organisation: String
    /// Internet domain in the Message-ID.
    package var domain: String
    /// Name of the recipient.
    package var recipient: String

    /// Makes a letterhead.
    package init(
      from: String, to: [String], organisation: String, domain: String, recipient: String
    ) {
      self.from = from
      self.to = to
      self.organisation = organisation
      self.domain = domain
      self.recipient = recipient
    }
  }

  private let access: ServerAccess
  private let encryption: Transfer.Encryption
  private let head: Letterhead
  private let format: MessageFormat
  private let workFolder: String
  private let sinkName: String
  private let now: () -> Int64
  private let transfer = Transfer()

  /// A mail server.
  ///
  /// - Parameter workFolder: where mails are written before they are sent.
  package init(
    _ access: ServerAccess, _ encryption: Transfer.Encryption, _ head: Letterhead,
    format: MessageFormat, sinkName: String, workFolder: String, now: @escaping () -> Int64
  ) {
    self.access = access
    self.encryption = encryption
    self.head = head
    self.format = format
    self.sinkName = sinkName
    self.workFolder = workFolder
    self.now = now
  }

  /// Mails the document of a day; one without records is not sent.
  package func publish(
    _ name: DayName, records: (_ each: (InfectionRecord) throws -> Void) throws -> Void
  ) throws -> DayReceipt {
    try DocumentFile.makeFolder(workFolder, rights: 0o700)
    let path = "\(workFolder)/mail-\(sinkName).eml"
    defer { unlink(path) }
    let counts = try write(name, to: path, records: records)
    if counts.written > 0 { try send(path) }
    return DayReceipt(written: counts.written, skipped: counts.skipped)
  }

  private func send(_ path: String) throws(SendFailure) {
    let answer = transfer.mail(access, encryption, from: head.from, to: head.to, file: path)
    guard let error = answer.error else { return }
    let text = answer.status > 0 ? "SMTP reply \(answer.status): \(error)" : error
    // RFC 5321 §4.2.1: 5yz will not get better by itself, except for a refused login.
    if answer.status >= 500, answer.status != 530, answer.status != 535 {
      throw .refused(text)
    }
    throw .unavailable(text)
  }

  // MARK: - The mail

  private func write(
    _ name: DayName, to path: String,
    records: (_ each: (InfectionRecord) throws -> Void) throws -> Void
  ) throws -> ExportCounts {
    let file = try DocumentFile(path, rights: 0o600)
    let boundary = "ponor-\(name.day)-\(name.part)-\(sinkName)"
    try file.write(MailText.head(head, name, boundary: boundary, sink: sinkName, now: now()))
    try file.write(MailText.attachment(boundary: boundary, type: format.type, file: fileName(name)))
    var document = format.document(now: now())
    var lines = MailText.Base64Lines()
    try records { record in
      try file.write(lines.add(Array(document.add(record).utf8)))
    }
    try file.write(lines.add(Array(document.finish().utf8)))
    try file.write(lines.finish() + "--\(boundary)--\r\n")
    try file.publish()
    return document.counts
  }

  private func fileName(_ name: DayName) -> String {
    ExportFileName.of(
      day: name.day, format: format.type.name, fileTag: head.recipient, part: name.partText,
      fileExtension: format.type.fileExtension)
  }
}
