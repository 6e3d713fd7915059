package import Yams

/// YAML text into a tree of nodes with positions, safe against hostile or damaged input.
///
/// What the parser below (libyaml through Yams) would answer with a crash, a hang or a vague
/// message is refused beforehand: invalid UTF-8, control characters, aliases (a few hundred bytes
/// of them expand to billions of nodes). Nesting is limited to 1,000 levels by libyaml itself.
package enum CheckedYAML {
  /// The root node of the one document in `bytes`; nil when it holds nothing but comments.
  ///
  /// - Parameter file: name used in the problem thrown.
  package static func parse(_ bytes: [UInt8], file: String) throws(SourceProblem) -> Node? {
    if let flaw = TextFlaw.find(in: bytes) {
      throw SourceProblem(file: file, line: flaw.line, column: flaw.column, flaw.message)
    }
    let text = String(decoding: bytes, as: UTF8.self)
    do {
      let root = try Yams.Parser(yaml: text, encoding: .utf8).singleRoot()
      return root.flatMap { isNull($0) ? nil : $0 }
    } catch let error as YamlError {
      throw problem(error, file: file, text: text)
    } catch {
      throw SourceProblem(file: file, "cannot parse YAML: \(error)")
    }
  }

  /// Whether a node is YAML's null: nothing, `~` or `null`, unquoted.
  package static func isNull(_ node: Node) -> Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any
    else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  private static func problem(_ error: YamlError, file: String, text: String)
    -> SourceProblem
  {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return SourceProblem(
        file: file, line: mark.line, column: mark.column,
        "not valid YAML: \(problem)\(hint(problem, at: mark, in: text))")
    case .duplicatedKeysInMapping(let names, let context):
      let list = names.map { "'\($0)'" }.joined(separator: ", ")
      let line = repeatedLine(of: names.map { "\($0)" }, from: context.mark.line, in: text)
      return SourceProblem(
        file: file, line: line ?? context.mark.line, column: context.mark.column,
        "\(list) appears more than once in this map; keep one of them")
    case .reader(let problem, _, _, _):
      return SourceProblem(file: file, "not valid YAML: \(problem)")
    default:
      return SourceProblem(file: file, "not valid YAML: \(error)")
    }
  }

  /// The line on which one of the keys stands for the second time, as far as the text tells: the
  /// parser only says where the map begins.
  private static func repeatedLine(of names: [String], from first: Int, in text: String) -> Int? {
    var seen: Set<String> = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where index + 1 >= first {
      let indent = line.prefix { $0 == " " }.count
      let key = line.dropFirst(indent).prefix { $0 != ":" }
      guard names.contains(String(key)) else { continue }
      if !seen.insert("\(indent) \(key)").inserted { return index + 1 }
    }
    return nil
  }

  private static func hint(_ problem: String, at mark: Mark, in text: String) -> String {
    if problem.contains("nesting") { return "" }
    let line =
      text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .dropFirst(mark.line - 1).first ?? ""
    if line.prefix(mark.column).last == "\t" {
      return " (a tab); indent with spaces, tabs are not allowed there"
    }
    return "; check indentation, quotes and brackets here"
  }
}
