import CheckedYAML
import Yams

/// What is wrong with a value, worded to follow the value: "'x' is not …; write …".
struct BadValue: Error {
  var message: String
  init(_ message: String) { self.message = message }
}

/// A type of option value: its name, how it is read from YAML and how it is written.
struct ValueKind<Value: Equatable & Sendable>: Sendable {
  /// The type as the documentation names it, "list of address:port".
  var name: String
  /// Range or allowed words for the documentation, "" when the type says it all.
  var allowed = ""
  /// Reads a node; nil means that a problem has been reported.
  var decode: @Sendable (Node, inout NodeReader) -> Value?
  /// YAML flow text that `decode` reads back.
  var encode: @Sendable (Value) -> String
  /// Resolves relative paths in a value against a directory; nil when it holds no path.
  var rebase: (@Sendable (Value, String) -> Value)?
  /// The paths in a value; nil when it holds none.
  var paths: (@Sendable (Value) -> [String])?
}

/// Reports problems of one file, each at the node it is about.
struct NodeReader {
  /// Name of the file in problems.
  let file: String
  /// Dotted key of the option being read.
  var key = ""
  /// Everything found so far.
  private(set) var problems: [SourceProblem] = []
  /// Whether further problems are dropped: garbage has one per line.
  var isFull: Bool { problems.count >= ConfigurationFile.problemLimit }

  init(file: String) { self.file = file }

  /// Notes a problem at `node`.
  mutating func report(
    _ message: String, at node: Node?, severity: SourceProblem.Severity = .error
  ) {
    guard !isFull else { return }
    let mark = node?.mark
    problems.append(
      SourceProblem(
        file: file, line: mark?.line ?? 0, column: mark?.column ?? 0, message, severity: severity))
  }

  /// The text of a scalar; reports and returns nil for maps, lists and nothing.
  mutating func text(_ node: Node, expected: String) -> String? {
    switch node {
    case .scalar where CheckedYAML.isNull(node):
      report(
        "'\(key)' has no value; expected \(expected), or remove the key to use the default",
        at: node)
    case .scalar(let scalar): return scalar.string
    case .mapping: report("'\(key)' is a map; expected \(expected)", at: node)
    case .sequence: report("'\(key)' is a list; expected \(expected)", at: node)
    case .alias: report("'\(key)' is an alias; write the value out", at: node)
    }
    return nil
  }
}

extension ValueKind {
  /// A kind whose value is one scalar.
  static func scalar(
    _ name: String, allowed: String = "",
    parse: @escaping @Sendable (String) throws(BadValue) -> Value,
    encode: @escaping @Sendable (Value) -> String
  ) -> ValueKind {
    let expected = allowed.isEmpty ? name : "\(name) (\(allowed))"
    return ValueKind(
      name: name, allowed: allowed,
      decode: { node, reader in
        guard let text = reader.text(node, expected: expected) else { return nil }
        do throws(BadValue) {
          return try parse(text)
        } catch {
          reader.report("'\(reader.key)': '\(YAMLText.shortened(text))' \(error.message)", at: node)
          return nil
        }
      }, encode: encode)
  }
}

/// Pieces of YAML text.
enum YAMLText {
  /// A double-quoted scalar, safe for any text.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        let hex = String(scalar.value, radix: 16)
        result += "\\x" + (hex.utf8.count < 2 ? "0" : "") + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Text for a message: one line of bounded length without control characters.
  static func shortened(_ text: String) -> String {
    let clean = text.unicodeScalars.prefix(60).map { $0.value < 0x20 ? " " : String($0) }
    return clean.joined() + (text.unicodeScalars.count > 60 ? "…" : "")
  }
}
