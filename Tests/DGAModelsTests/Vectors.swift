import DGAKit
import Foundation

/// The corpus of reference lists, where it is present: `$PONOR_VECTORS` (the folder with
/// `index.tsv`), or `../shared/vectors` beside the repository.
enum Vectors {
  /// One list of the corpus.
  struct Entry: CustomStringConvertible, Sendable {
    let family: String
    let variant: String
    let seed: String
    let instant: Instant
    let file: URL

    var description: String { "\(family)/\(variant) \(seed) \(instant)" }
  }

  static let folder = place(variable: "PONOR_VECTORS", or: "../shared/vectors")
  static let wordListFolder = place(variable: "PONOR_WORDLISTS", or: "../shared/wordlists")

  /// The lists of the families built in; empty when the corpus is absent.
  static func entries(of families: [String]) -> [Entry] {
    guard let folder,
      let index = try? String(
        contentsOf: folder.appending(path: "index.tsv"), encoding: .utf8)
    else { return [] }
    return index.split(separator: "\n").dropFirst().compactMap { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard families.contains(fields[1]) else { return nil }
      return entry(fields, in: folder)
    }
  }

  private static func entry(_ fields: [String], in folder: URL) -> Entry? {
    let label = fields[3].split(separator: "@")
    var time = "T00:00:00Z"
    if label.count == 2 { time = "T\(label[1].prefix(2)):\(label[1].dropFirst(2).prefix(2)):00Z" }
    let subfolder = fields[2].isEmpty ? fields[1] : "\(fields[1])-\(fields[2])"
    let file = folder.appending(path: "open/\(subfolder)/\(fields[3])_\(fields[4]).txt.gz")
    let instant = fields[4] == "static" ? Instant("2026-11-23") : Instant(fields[4] + time)
    guard let instant, FileManager.default.fileExists(atPath: file.path) else { return nil }
    return Entry(
      family: fields[1], variant: fields[2], seed: String(label[0]), instant: instant, file: file)
  }

  /// The lines of a compressed list.
  static func lines(of file: URL) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/gzip")
    process.arguments = ["-dc", file.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let content = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    var lines = String(decoding: content, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// The word lists the models need, where they are present.
  static func resources() -> ModelResources {
    guard let folder = wordListFolder,
      let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    else { return .none }
    var lists: [String: [UInt8]] = [:]
    for file in files where file.hasSuffix(".txt") {
      lists[file] = (try? Data(contentsOf: folder.appending(path: file))).map { Array($0) }
    }
    return ModelResources(wordLists: lists, directory: folder.path)
  }

  /// Whether a word list is not among those present; an altered one is not lacking.
  static func lacks(_ pin: WordListPin) -> Bool {
    resources().wordLists[pin.file] == nil
  }

  private static func place(variable: String, or relative: String) -> URL? {
    let repository = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let path = ProcessInfo.processInfo.environment[variable]
    let folder = path.map { URL(fileURLWithPath: $0) } ?? repository.appending(path: relative)
    return FileManager.default.fileExists(atPath: folder.path) ? folder.standardizedFileURL : nil
  }
}
