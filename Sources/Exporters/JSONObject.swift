/// Writes one JSON object on one line, keys in the order they are added.
struct JSONObject {
  private var text = "{"

  mutating func add(_ key: String, _ value: String) { add(key, raw: SafeText.json(value)) }

  mutating func add(_ key: String, _ value: some BinaryInteger) { add(key, raw: "\(value)") }

  mutating func add(_ key: String, _ value: Bool) { add(key, raw: value ? "true" : "false") }

  /// Adds a string, or null.
  mutating func add(_ key: String, optional value: String?) {
    add(key, raw: value.map { SafeText.json($0) } ?? "null")
  }

  /// Adds text that is JSON already.
  mutating func add(_ key: String, raw: String) {
    if text.utf8.count > 1 { text += "," }
    text += SafeText.json(key) + ":" + raw
  }

  /// The finished object.
  var line: String { text + "}" }
}
