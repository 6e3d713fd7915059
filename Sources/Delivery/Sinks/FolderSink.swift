package import Evidence
package import Exporters
import Glibc

/// Writes a folder per UTC day, for formats that are several files.
///
/// Such a format makes all its files at once, so a folder holds at most `limit` records; more become
/// further folders of the day.
package final class FolderSink: DaySink {
  /// Most records in a folder: what is in memory at a time, some kilobytes each.
  package static let limit = 10_000

  private let folder: String
  private let tag: String
  private let type: any InfectionFolderFormat.Type
  private let options: ExportOptions
  private let now: () -> Int64

  /// A folder of folders, made if it is missing.
  package init(
    folder: String, tag: String, type: any InfectionFolderFormat.Type, options: ExportOptions,
    now: @escaping () -> Int64
  ) {
    self.folder = folder
    self.tag = tag
    self.type = type
    self.options = options
    self.now = now
  }

  /// Writes the folders of a day.
  package func publish(
    _ name: DayName, records: (_ each: (InfectionRecord) throws -> Void) throws -> Void
  ) throws -> DayReceipt {
    var receipt = DayReceipt(written: 0, skipped: [:])
    var gathered: [InfectionRecord] = []
    var number = 0
    try records { record in
      gathered.append(record)
      guard gathered.count == Self.limit else { return }
      try write(gathered, name, &number, &receipt)
      gathered.removeAll()
    }
    if !gathered.isEmpty { try write(gathered, name, &number, &receipt) }
    return receipt
  }

  private func write(
    _ records: [InfectionRecord], _ name: DayName, _ number: inout Int,
    _ receipt: inout DayReceipt
  ) throws {
    number += 1
    var options = options
    options.now = now()
    let (files, skipped) = type.init(options: options).files(records)
    for (reason, count) in skipped { receipt.skipped[reason, default: 0] += count }
    let written = records.count - skipped.values.reduce(0, +)
    guard written > 0 else { return }
    receipt.written += written
    let part = number == 1 ? name.partText : "\(name.partText)_\(number)"
    let named = ExportFileName.of(
      day: name.day, format: type.name, fileTag: tag, part: part, fileExtension: "")
    let final = folder + "/" + named.dropLast()
    let temporary = final + ".new"
    try DocumentFile.makeFolder(temporary)
    for file in files {
      // Names come from the format's own code, but nothing may leave the folder.
      guard !file.path.isEmpty, !file.path.hasPrefix("/"), !file.path.contains("..") else {
        throw SendFailure.refused("the format names a file outside of its folder")
      }
      try makeFolders(of: file.path, in: temporary)
      let document = try DocumentFile(temporary + "/" + file.path, rights: 0o640)
      try document.write(file.octets)
      try document.publish()
    }
    // A folder that a killed process had already put in place is the same: it is replaced.
    if rename(temporary, final) != 0 {
      guard rename(final, final + ".old") == 0, rename(temporary, final) == 0 else {
        throw DocumentFile.failure("cannot replace \(final)")
      }
      remove(final + ".old")
    }
  }

  private func makeFolders(of path: String, in folder: String) throws(SendFailure) {
    guard let slash = path.lastIndex(of: "/") else { return }
    try DocumentFile.makeFolder(folder + "/" + path[..<slash])
  }

  private func remove(_ path: String) { FolderRemoval.remove(path) }
}
