import Evidence
import Exporters
import Foundation

/// One document to standard output or a file.
struct ExportDocument {
  let format: any InfectionFormat.Type
  let options: ExportOptions
  let output: String?

  func write(_ source: ExportSource) throws {
    var writer = DocumentWriter(format.init(options: options))
    let file = try output.map { try OutputFile(path: $0) }
    var standardOutput = StandardOutput()
    try source.forEach { record in
      let text = writer.add(record)
      if let file { try file.write(text.utf8) } else { standardOutput.append(text) }
    }
    for note in writer.counts.notes { StandardError.write(note) }
    guard writer.counts.written > 0 else { throw CommandFailure.nothingFound }
    guard let file else {
      standardOutput.append(writer.finish())
      return standardOutput.flush()
    }
    try file.write(writer.finish().utf8)
    try file.finish()
  }
}

/// A file per UTC day and format, in a folder.
struct ExportDays {
  let formats: [any InfectionFormat.Type]
  let options: ExportOptions
  let folder: String

  /// Most files that are open at once.
  private static let openLimit = 256

  private struct Key: Hashable {
    let day: String
    let format: Int
  }

  private struct Day {
    var writer: DocumentWriter
    var file: OutputFile?
  }

  func write(_ source: ExportSource) throws {
    var days: [Key: Day] = [:]
    var counts = ExportCounts()
    try source.forEach { record in
      // A record is left out only if none of the formats has it.
      var reasons: Set<String> = []
      var isWritten = false
      for index in formats.indices {
        let key = Key(day: record.day, format: index)
        var day =
          days[key] ?? Day(writer: DocumentWriter(formats[index].init(options: options)), file: nil)
        let before = day.writer.counts.skipped
        let text = day.writer.add(record)
        let reason = day.writer.counts.skipped.first { before[$0.key] != $0.value }
        if let reason {
          reasons.insert(reason.key)
        } else {
          isWritten = true
          let file = try day.file ?? begin(key, open: days.count { $0.value.file != nil })
          try file.write(text.utf8)
          day.file = file
        }
        days[key] = day
      }
      if isWritten {
        counts.add(record)
      } else {
        counts.skip(reasons.sorted().joined(separator: ", "))
      }
    }
    for note in counts.notes { StandardError.write(note) }
    guard counts.written > 0 else { throw CommandFailure.nothingFound }
    for day in days.values {
      try day.file?.write(day.writer.finish().utf8)
      try day.file?.finish()
    }
  }

  private func begin(_ key: Key, open: Int) throws -> OutputFile {
    guard open < Self.openLimit else {
      throw CommandFailure.failed(
        "more than \(Self.openLimit) files; choose fewer days with --since and --until")
    }
    let format = formats[key.format]
    let name = ExportFileName.of(
      day: key.day, format: format.name, fileTag: options.fileTag,
      fileExtension: format.fileExtension)
    return try OutputFile(path: folder + "/" + name)
  }
}

/// The files of a folder format.
struct ExportFolder {
  let format: any InfectionFolderFormat.Type
  let options: ExportOptions
  let output: String?

  func write(_ source: ExportSource) throws {
    guard let output, OutputFile.isFolder(output) else {
      throw CommandFailure.usage(
        "\(format.name) is several files: give an existing folder with --output")
    }
    var records: [InfectionRecord] = []
    try source.forEach { records.append($0) }
    let (files, skipped) = format.init(options: options).files(records)
    var counts = ExportCounts()
    counts.skipped = skipped
    for note in counts.notes { StandardError.write(note) }
    guard !files.isEmpty else { throw CommandFailure.nothingFound }
    for exported in files {
      let path = output + "/" + exported.path
      try? FileManager.default.createDirectory(
        at: URL(fileURLWithPath: path).deletingLastPathComponent(),
        withIntermediateDirectories: true)
      let file = try OutputFile(path: path)
      try file.write(exported.octets)
      try file.finish()
    }
  }
}
