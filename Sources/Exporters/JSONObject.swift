import Evidence

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

  /// Adds a string if there is one.
  mutating func add(_ key: String, present value: String?) {
    if let value { add(key, value) }
  }

  /// Adds a number if there is one.
  mutating func add(_ key: String, present value: (some BinaryInteger)?) {
    if let value { add(key, value) }
  }

  /// Adds a fraction; JSON has no infinity and no NaN, they become null.
  mutating func add(_ key: String, number value: Double) {
    add(key, raw: value.isFinite ? "\(value)" : "null")
  }

  /// Adds `KEY_time` in RFC 3339 and `KEY_us` as a number.
  mutating func add(_ key: String, microseconds: Int64) {
    add(key + "_time", UTCTime.rfc3339(microseconds: microseconds))
    add(key + "_us", microseconds)
  }

  /// Adds `KEY_time` in RFC 3339 and `KEY_s` as a number if there is an instant.
  mutating func add(_ key: String, seconds: Int64?) {
    guard let seconds else { return }
    add(key + "_time", UTCTime.rfc3339(seconds: seconds))
    add(key + "_s", seconds)
  }

  /// Adds text that is JSON already.
  mutating func add(_ key: String, raw: String) {
    if text.utf8.count > 1 { text += "," }
    text += SafeText.json(key) + ":" + raw
  }

  /// Whether nothing was added.
  var isEmpty: Bool { text.utf8.count == 1 }

  /// The finished object.
  var line: String { text + "}" }

  /// An array of elements that are JSON already.
  static func array(_ elements: [String]) -> String {
    "[" + elements.joined(separator: ",") + "]"
  }
}
