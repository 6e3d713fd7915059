/// A row of a format's table of fields: where a value goes, and how it is found.
///
/// Formats that are objects keep their fields as such a table beside the version they follow, so
/// that a new version is a change of rows.
struct RecordField: Sendable {
  /// Dotted path within the object, or the key of a flat format.
  let path: String
  /// The value; absent when the record has none.
  let value: @Sendable (RecordFacts) -> JSONTree

  init(_ path: String, _ value: @escaping @Sendable (RecordFacts) -> JSONTree) {
    self.path = path
    self.value = value
  }
}

extension [RecordField] {
  /// The object of a record, members in the order of the table.
  func object(_ facts: RecordFacts) -> JSONTree {
    var object = JSONTree.object([])
    for field in self { object.set(field.path, to: field.value(facts)) }
    return object
  }
}

/// A row of the table of a format of flat texts: key, label (CEF) and how the value is found.
struct TextField: Sendable {
  /// The key.
  let key: String
  /// What a person calls it, for keys that mean nothing by themselves (CEF `cs1`).
  let label: String?
  /// The value; nil when the record has none.
  let value: @Sendable (RecordFacts) -> String?

  init(_ key: String, label: String? = nil, _ value: @escaping @Sendable (RecordFacts) -> String?) {
    self.key = key
    self.label = label
    self.value = value
  }
}
