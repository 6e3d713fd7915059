import Evidence
import Exporters

/// Canonical records from elsewhere: what is accepted must be the same after writing, and every format
/// must take it, or say why not.
func fuzzRecords(_ octets: [UInt8]) {
  let whole = Reading([octets])
  let pieces = Reading(
    stride(from: 0, to: octets.count, by: 5).map {
      Array(octets[$0..<min($0 + 5, octets.count)])
    })
  precondition(whole == pieces, "chunk boundaries change what is read")
  precondition(whole.report.accepted == whole.records.count, "accepted records are not delivered")
  for problem in whole.report.problems { checkOneLine(problem) }
  var options = ExportOptions()
  options.includesSubscriber = true
  for record in whole.records {
    let again = Reading([Array(CanonicalFormat.line(record, includesSubscriber: true).utf8)])
    precondition(again.records == [record], "a record changes when it is written and read")
  }
  for format in FormatRegistry.infections {
    var document = DocumentWriter(format.init(options: options))
    for record in whole.records { checkPrintable(document.add(record)) }
    checkPrintable(document.finish())
    let skipped = document.counts.skipped.values.reduce(0, +)
    precondition(
      document.counts.written + skipped == whole.records.count, "\(format.name) loses a record")
  }
  for format in FormatRegistry.folders {
    for file in format.init(options: options).files(whole.records).files {
      precondition(!file.path.contains("..") && !file.path.hasPrefix("/"), "a file may go anywhere")
    }
  }
}

/// Traps when a document could command a terminal.
private func checkPrintable(_ text: String) {
  precondition(
    text.unicodeScalars.allSatisfy {
      $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
        || "\t\r\n".unicodeScalars.contains($0)
    }, "control character in: \(text.debugDescription)")
}

/// What a reader gave.
private struct Reading: Equatable {
  var records: [InfectionRecord] = []
  var report: CanonicalReader.Report

  init(_ chunks: [[UInt8]]) {
    var reader = CanonicalReader(path: "records")
    var records: [InfectionRecord] = []
    for chunk in chunks { reader.push(chunk) { records.append($0) } }
    report = reader.finish { records.append($0) }
    self.records = records
  }
}
