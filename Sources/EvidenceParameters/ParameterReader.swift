internal import CheckedYAML
internal import Evidence
internal import Yams

/// Walks through the file: every key is read once, what is left over is refused.
struct ParameterReader {
  private let file: String
  /// Values by path, of the whole file.
  private var values: [String: Node] = [:]
  /// Places of keys by path, for messages.
  private var marks: [String: Mark] = [:]
  /// Paths that were read.
  private var known: Set<String> = []

  /// Deepest nesting of maps that the file has.
  private static let depth = 4

  init(file: String) { self.file = file }

  // MARK: Reading

  /// Notes every value of the tree by its path.
  mutating func open(_ root: Node) throws(SourceProblem) { try note(root, path: "", depth: 0) }

  private mutating func note(_ node: Node, path: String, depth: Int) throws(SourceProblem) {
    guard case .mapping(let mapping) = node else {
      guard depth > 0 else { throw place(node.mark, "a map of keys is expected") }
      values[path] = node
      return
    }
    guard depth < Self.depth else { throw place(node.mark, "'\(path)' is nested too deeply") }
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key, !scalar.string.isEmpty else {
        throw place(key.mark, "a key must be a word")
      }
      // Suffixes have dots of their own: only the path of a table's rows is looked at.
      let inner = path.isEmpty ? scalar.string : path + "." + scalar.string
      marks[inner] = key.mark
      try note(value, path: inner, depth: depth + 1)
    }
  }

  /// The version: any text that fits a line.
  mutating func version() throws(SourceProblem) -> String {
    let text = try string("version")
    guard !text.isEmpty, text.utf8.count <= 64, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else {
      throw problem("version", "must be 1 to 64 printable characters without blanks")
    }
    return text
  }

  /// Reads one number into its place.
  mutating func read(
    _ row: ParameterRow, into parameters: inout ScoringParameters
  ) throws(SourceProblem) {
    parameters[keyPath: row.target] = try number(row.path, row.range)
  }

  /// Registered names by suffix.
  mutating func registrations() throws(SourceProblem) -> [String: Double] {
    var table: [String: Double] = [:]
    let prefix = "benign.registrations."
    for path in values.keys.sorted() where path.hasPrefix(prefix) {
      table[path.dropFirst(prefix.count).lowercased()] = try number(path, ParameterRow.count)
    }
    return table
  }

  /// What differs for single families.
  mutating func families() throws(SourceProblem) -> [String: ScoringParameters.Family] {
    var table: [String: ScoringParameters.Family] = [:]
    let prefix = "families."
    for path in values.keys.sorted() where path.hasPrefix(prefix) {
      let parts = path.dropFirst(prefix.count).split(separator: ".")
      guard parts.count == 2 else { continue }
      try read(String(parts[1]), path, into: &table[String(parts[0]), default: .init()])
    }
    return table
  }

  private mutating func read(
    _ key: String, _ path: String, into family: inout ScoringParameters.Family
  ) throws(SourceProblem) {
    switch key {
    case "retry_minutes": family.retryMinutes = try number(path, 1...525_600)
    case "tries_per_day": family.triesPerDay = try number(path, 1...1e9)
    case "closing_days": family.closingDays = try number(path, 0.05...3650)
    case "quiet_days": family.quietDays = try number(path, 0.05...3650)
    case "prior": family.prior = try number(path, ParameterRow.probability)
    case "counts_days": family.countsDays = try truth(path)
    default: return
    }
  }

  /// Refuses what nobody read, with the nearest key there is.
  func refuseUnknown() throws(SourceProblem) {
    let unknown = values.keys.filter { !known.contains($0) }
      .min { (marks[$0]?.line ?? 0, $0) < (marks[$1]?.line ?? 0, $1) }
    guard let unknown else { return }
    let nearest = NearestName.find(unknown, among: Self.keys(near: unknown))
    let hint = nearest.map { "; did you mean '\($0)'?" } ?? "; remove it"
    throw problem(unknown, "there is no such key" + hint)
  }

  private static func keys(near path: String) -> [String] {
    let parts = path.split(separator: ".")
    guard parts.first == "families", parts.count == 3 else {
      return ["version"] + ParameterRow.all.map(\.path)
    }
    return [
      "retry_minutes", "tries_per_day", "closing_days", "counts_days", "quiet_days", "prior",
    ].map { "families.\(parts[1]).\($0)" }
  }

  // MARK: Values

  private mutating func string(_ path: String) throws(SourceProblem) -> String {
    guard let node = values[path] else {
      guard marks[path] != nil else {
        throw SourceProblem(
          file: file, "'\(path)' is missing; take its line from the built-in parameters")
      }
      throw problem(path, "a single value is expected")
    }
    known.insert(path)
    guard case .scalar(let scalar) = node else {
      throw problem(path, "a single value is expected")
    }
    return scalar.string
  }

  private mutating func number(
    _ path: String, _ range: ClosedRange<Double>
  ) throws(SourceProblem) -> Double {
    let text = try string(path)
    guard let value = Double(text), value.isFinite else {
      throw problem(path, "'\(text)' is no number")
    }
    guard range.contains(value) else {
      throw problem(path, "\(text) is out of range; \(Self.words(range)) is allowed")
    }
    return value
  }

  private static func words(_ range: ClosedRange<Double>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
  }

  private mutating func truth(_ path: String) throws(SourceProblem) -> Bool {
    let text = try string(path)
    switch text {
    case "true": return true
    case "false": return false
    default: throw problem(path, "'\(text)' is neither true nor false")
    }
  }

  // MARK: Messages

  /// A problem with the key at a path.
  func problem(_ path: String, _ message: String) -> SourceProblem {
    place(marks[path] ?? values[path]?.mark, "\(path): \(message)")
  }

  private func place(_ mark: Mark?, _ message: String) -> SourceProblem {
    SourceProblem(file: file, line: mark?.line ?? 0, column: mark?.column ?? 0, message)
  }
}
