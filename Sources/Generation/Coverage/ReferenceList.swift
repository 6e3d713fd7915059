package import CheckedYAML
package import DGAKit
import ListSources

/// One list of a folder of reference lists: what a generator must give at an instant.
///
/// Such a folder has an `index.tsv` with the columns set, family, variant, seed, date, count,
/// sha256, first and last, and the lists themselves, as far as they are given away, as
/// `SET/FAMILY[-VARIANT]/SEED_DATE.txt.gz`. A seed may carry a time of day (`words1@1337Z`). The
/// checksum is over the uncompressed list: each name, the last one too, followed by a line feed.
package struct ReferenceList: Sendable {
  /// Which part of the generator's list it is.
  package enum Part: Sendable {
    /// All of it.
    case whole
    /// Its first names, as many as the list has.
    case firstNames
    /// Its last names, as many as the list has.
    case lastNames
  }

  /// The generator, by exact names.
  package var generator: GeneratorID
  /// The date column: a day, `static`, `first-half` or `second-half`.
  package var date: String
  /// The instant the list is of; any for lists that do not depend on time.
  package var instant: Instant
  /// Which part of the generator's list it is.
  package var part: Part
  /// Number of names.
  package var count: Int
  /// SHA-256 of the list, 64 lower-case hexadecimal digits.
  package var sha256: String
  /// The first name.
  package var first: String
  /// The last name.
  package var last: String
  /// The file, nil when it is not there.
  package var file: String?

  /// Seed and date, as messages name the list.
  package var label: String { "\(generator.seed) \(hasTime ? instant.description : date)" }

  private var hasTime: Bool { instant.secondOfDay != 0 }
}

extension ReferenceList {
  /// Reads the table of a folder; rows that make no sense are reported with file and line.
  package static func all(
    in folder: String
  ) throws(SourceProblem) -> (lists: [ReferenceList], problems: [SourceProblem]) {
    let path = folder + "/index.tsv"
    let text = String(decoding: try SmallFile.read(path, limit: tableLimit), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    let header = lines.first ?? []
    guard columns.allSatisfy(header.contains) else {
      throw SourceProblem(
        file: path, line: 1,
        "the first line must name the columns \(columns.joined(separator: ", "))")
    }
    var lists: [ReferenceList] = []
    var problems: [SourceProblem] = []
    for (number, fields) in lines.enumerated().dropFirst() where fields != [""] {
      let row = Dictionary(zip(header, fields), uniquingKeysWith: { first, _ in first })
      do throws(RowFlaw) {
        lists.append(try ReferenceList(row, folder: folder))
      } catch {
        problems.append(SourceProblem(file: path, line: number + 1, error.text))
      }
    }
    return (lists, problems)
  }

  /// Largest table read: a hundred thousand lists.
  private static let tableLimit = 32 << 20
  private static let columns = [
    "set", "family", "variant", "seed", "date", "count", "sha256", "first", "last",
  ]

  private struct RowFlaw: Error { var text: String }

  private init(_ row: [String: String], folder: String) throws(RowFlaw) {
    guard let family = row["family"], !family.isEmpty, let variant = row["variant"],
      let seed = row["seed"], let date = row["date"], let first = row["first"],
      let last = row["last"], let sha256 = row["sha256"]?.lowercased()
    else { throw RowFlaw(text: "the row has too few columns") }
    guard let count = row["count"].flatMap({ Int($0) }), count > 0 else {
      throw RowFlaw(text: "'count' must be a number above 0")
    }
    guard sha256.utf8.count == 64 else { throw RowFlaw(text: "'sha256' must have 64 digits") }
    let (label, time) = Self.split(seed)
    guard let (instant, part) = Self.place(date, time) else {
      throw RowFlaw(text: "'\(date)' is no day, nor static, first-half or second-half")
    }
    generator = GeneratorID(family: family, variant: variant, seed: label)
    (self.date, self.instant, self.part) = (date, instant, part)
    (self.count, self.sha256, self.first, self.last) = (count, sha256, first, last)
    let model = variant.isEmpty ? family : "\(family)-\(variant)"
    file = Self.file([folder, row["set"] ?? "", model], "\(seed)_\(date)")
  }

  /// `words1@1337Z` is the seed words1 at 13:37 UTC.
  private static func split(_ seed: String) -> (label: String, time: String) {
    guard let match = seed.wholeMatch(of: /(.+)@([0-9]{2})([0-9]{2})Z/) else {
      return (seed, "T00:00:00Z")
    }
    return (String(match.1), "T\(match.2):\(match.3):00Z")
  }

  private static func place(_ date: String, _ time: String) -> (Instant, Part)? {
    switch date {
    case "static": (anyInstant, .whole)
    case "first-half": (anyInstant, .firstNames)
    case "second-half": (anyInstant, .lastNames)
    default: Instant(date + time).map { ($0, .whole) }
    }
  }

  /// For lists that do not depend on time: 2026-11-23.
  private static let anyInstant = Instant(unixSeconds: 1_795_392_000)

  /// The list's file; characters that file systems or shells dislike may have become `_`.
  private static func file(_ folders: [String], _ name: String) -> String? {
    let plain = String(name.map { $0.isLetter || $0.isNumber || "._-@+".contains($0) ? $0 : "_" })
    let folder = folders.joined(separator: "/")
    let names = name.contains("/") ? [plain] : [name, plain]
    return names.flatMap { ["\(folder)/\($0).txt.gz", "\(folder)/\($0).txt"] }
      .first { FileStatus(path: $0).exists }
  }
}
