import CheckedYAML
import Yams

/// One field of a record whose fields may be left out.
struct OpenField<Record: Sendable>: Sendable {
  var key: String
  /// Type of the value, as the documentation names it.
  var type: String
  var doc: String
  var isRequired: Bool
  fileprivate var decode: @Sendable (Node, inout Record, inout NodeReader) -> Bool
  /// The value as YAML text, nil when it is the blank record's.
  fileprivate var encode: @Sendable (_ record: Record, _ blank: Record) -> String?
  fileprivate var rebase: @Sendable (inout Record, String) -> Void

  init<Value>(
    _ key: String, _ path: any WritableKeyPath<Record, Value> & Sendable,
    _ kind: ValueKind<Value>, required: Bool = false, _ doc: String
  ) {
    self.key = key
    self.doc = doc
    isRequired = required
    type = kind.allowed.isEmpty ? kind.name : "\(kind.name): \(kind.allowed)"
    decode = { node, record, reader in
      guard let value = kind.decode(node, &reader) else { return false }
      record[keyPath: path] = value
      return true
    }
    encode = { record, blank in
      let value = record[keyPath: path]
      return !required && value == blank[keyPath: path] ? nil : kind.encode(value)
    }
    rebase = { record, base in
      if let rebase = kind.rebase {
        record[keyPath: path] = rebase(record[keyPath: path], base)
      }
    }
  }

  /// A field that has no value unless one is written.
  init<Value>(
    inherited key: String, _ path: any WritableKeyPath<Record, Value?> & Sendable,
    _ kind: ValueKind<Value>, _ doc: String
  ) {
    self.key = key
    self.doc = doc
    isRequired = false
    type = kind.allowed.isEmpty ? kind.name : "\(kind.name): \(kind.allowed)"
    decode = { node, record, reader in
      guard let value = kind.decode(node, &reader) else { return false }
      record[keyPath: path] = value
      return true
    }
    encode = { record, _ in record[keyPath: path].map(kind.encode) }
    rebase = { record, base in
      if let rebase = kind.rebase {
        record[keyPath: path] = record[keyPath: path].map { rebase($0, base) }
      }
    }
  }
}

extension ValueKind {
  /// A map with known keys, of which only the required ones must be there.
  static func openRecord(
    _ name: String, blank: Value, _ fields: [OpenField<Value>]
  ) -> ValueKind {
    ValueKind(
      name: name,
      decode: { node, reader in
        guard let mapping = node.mapping else {
          reader.report("'\(reader.key)' entries must be maps of \(name) options", at: node)
          return nil
        }
        return decodeOpen(mapping, node, blank: blank, fields, &reader)
      },
      encode: { value in
        let pairs = fields.compactMap { field in
          field.encode(value, blank).map { "\(field.key): \($0)" }
        }
        return "{ " + pairs.joined(separator: ", ") + " }"
      },
      rebase: { value, base in
        var value = value
        for field in fields { field.rebase(&value, base) }
        return value
      })
  }

  private static func decodeOpen(
    _ mapping: Node.Mapping, _ node: Node, blank: Value, _ fields: [OpenField<Value>],
    _ reader: inout NodeReader
  ) -> Value? {
    var value = blank
    var isGood = true
    var seen: Set<String> = []
    let outer = reader.key
    defer { reader.key = outer }
    for (keyNode, valueNode) in mapping {
      let key = keyNode.scalar?.string ?? ""
      guard let field = fields.first(where: { $0.key == key }) else {
        let meant = NearestName.find(key, among: fields.map(\.key))
        let advice = meant.map { "; did you mean '\($0)'?" } ?? ""
        reader.report(
          "unknown key '\(YAMLText.shortened(key))' in '\(outer)'\(advice)", at: keyNode)
        isGood = false
        continue
      }
      seen.insert(key)
      reader.key = "\(outer)[].\(key)"
      if !field.decode(valueNode, &value, &reader) { isGood = false }
    }
    for field in fields where field.isRequired && !seen.contains(field.key) {
      reader.report("'\(outer)' entry lacks '\(field.key)'", at: node)
      isGood = false
    }
    return isGood ? value : nil
  }
}
