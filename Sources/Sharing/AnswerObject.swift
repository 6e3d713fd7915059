import Exporters

/// A JSON object of an answer, its keys in the order in which they are added.
struct AnswerObject {
  private var members: [String] = []

  init() {}

  mutating func add(_ key: String, _ value: String) { add(key, raw: SafeText.json(value)) }

  mutating func add(_ key: String, _ value: Int) { add(key, raw: String(value)) }

  mutating func add(_ key: String, _ value: Bool) { add(key, raw: value ? "true" : "false") }

  /// Adds text that is JSON already.
  mutating func add(_ key: String, raw: String) { members.append(SafeText.json(key) + ":" + raw) }

  /// The object on one line.
  var line: String { "{" + members.joined(separator: ",") + "}" }

  /// An array of texts that are JSON already.
  static func array(_ elements: [String]) -> String {
    "[" + elements.joined(separator: ",") + "]"
  }
}
