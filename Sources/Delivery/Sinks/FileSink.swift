package import Evidence
import Exporters

/// Writes a file per UTC day: `2026-11-23-event4_sinkhole-isp_a-all.csv`.
///
/// Names are those Shadowserver's readers expect: two parts without hyphens after the type. A later
/// part of a day, for what became known after it was closed, has `p2`, `p3` … in place of `all`.
package final class FileSink: DaySink {
  private let folder: String
  private let tag: String
  private let format: MessageFormat
  private let now: () -> Int64

  /// A folder, made if it is missing.
  ///
  /// - Parameter tag: name of the recipient in file names.
  package init(folder: String, tag: String, format: MessageFormat, now: @escaping () -> Int64) {
    self.folder = folder
    self.tag = tag
    self.format = format
    self.now = now
  }

  /// Writes the file of a day; one without records is not written.
  package func publish(
    _ name: DayName, records: (_ each: (InfectionRecord) throws -> Void) throws -> Void
  ) throws -> DayReceipt {
    try DocumentFile.makeFolder(folder)
    let file = try DocumentFile(folder + "/" + fileName(name), rights: 0o640)
    var document = format.document(now: now())
    try records { try file.write(document.add($0)) }
    let counts = document.counts
    if counts.written > 0 {
      try file.write(document.finish())
      try file.publish()
    }
    return DayReceipt(written: counts.written, skipped: counts.skipped)
  }

  func fileName(_ name: DayName) -> String {
    ExportFileName.of(
      day: name.day, format: format.type.name, fileTag: tag, part: name.partText,
      fileExtension: format.type.fileExtension)
  }
}

extension DayName {
  /// The part in file names: `all`, then `p2`, `p3` and so on.
  var partText: String { part == 1 ? "all" : "p\(part)" }
}
