import CheckedYAML
import Yams

extension ValueKind {
  /// A list of values; a single value may be written without brackets.
  static func list<Element>(of element: ValueKind<Element>, count: ClosedRange<Int> = 0...100_000)
    -> ValueKind where Value == [Element]
  {
    var kind = ValueKind(
      name: "list of \(element.name)", allowed: element.allowed,
      decode: { node, reader in
        let items = node.sequence.map(Array.init) ?? [node]
        // Every element is read before giving up, so that all its problems are reported.
        let values = items.map { element.decode($0, &reader) }
        guard !values.contains(nil) else { return nil }
        guard count.contains(values.count) else {
          reader.report(
            "'\(reader.key)' has \(values.count) entries; expected \(count.lowerBound) …"
              + " \(count.upperBound)", at: node)
          return nil
        }
        return values.compactMap(\.self)
      },
      encode: { "[" + $0.map(element.encode).joined(separator: ", ") + "]" })
    if let rebase = element.rebase {
      kind.rebase = { values, base in values.map { rebase($0, base) } }
    }
    if let paths = element.paths { kind.paths = { $0.flatMap(paths) } }
    return kind
  }

  /// A map from names to values, such as per-family actions.
  static func map<Element>(
    from keys: ValueKind<String>, to values: ValueKind<Element>
  ) -> ValueKind where Value == [String: Element] {
    ValueKind(
      name: "map of \(keys.name) to \(values.name)", allowed: values.allowed,
      decode: { node, reader in
        guard let mapping = node.mapping else {
          reader.report("'\(reader.key)' must be a map of \(keys.name) to \(values.name)", at: node)
          return nil
        }
        var result: [String: Element] = [:]
        for (keyNode, valueNode) in mapping {
          let key = keys.decode(keyNode, &reader)
          let value = values.decode(valueNode, &reader)
          if let key, let value { result[key] = value }
        }
        return result.count == mapping.count ? result : nil
      },
      encode: { map in
        let pairs = map.sorted { $0.key < $1.key }
        return "{"
          + pairs.map { "\(keys.encode($0)): \(values.encode($1))" }
          .joined(separator: ", ") + "}"
      })
  }

  /// A value, or a word that stands for nil.
  static func optional<Wrapped>(
    _ wrapped: ValueKind<Wrapped>, word: String
  ) -> ValueKind where Value == Wrapped? {
    var kind = ValueKind(
      name: "\(word) or \(wrapped.name)", allowed: wrapped.allowed,
      decode: { node, reader in
        if case .scalar(let scalar) = node, scalar.string == word { return .some(nil) }
        return wrapped.decode(node, &reader).map(Optional.some)
      },
      encode: { $0.map(wrapped.encode) ?? word })
    if let rebase = wrapped.rebase {
      kind.rebase = { value, base in value.map { rebase($0, base) } }
    }
    if let paths = wrapped.paths { kind.paths = { $0.map(paths) ?? [] } }
    return kind
  }
}

extension ValueKind where Value == FamilySelection {
  /// `all` or a list of families.
  static var families: ValueKind {
    let list = ValueKind<[String]>.list(of: .familyName)
    return ValueKind(
      name: "all or \(list.name)",
      decode: { node, reader in
        if case .scalar(let scalar) = node, scalar.string == "all" { return .all }
        return list.decode(node, &reader).map(FamilySelection.only)
      },
      encode: { value in
        switch value {
        case .all: "all"
        case .only(let names): list.encode(names)
        }
      })
  }
}

// MARK: - Records

/// One field of a record kind: a key, where it is stored and how its value is read.
struct RecordField<Record: Sendable>: Sendable {
  var key: String
  var doc: String
  /// Whether an entry must have it; without it, the blank record's value stands.
  var isRequired: Bool
  fileprivate var decode: @Sendable (Node, inout Record, inout NodeReader) -> Bool
  fileprivate var encode: @Sendable (Record) -> String
  fileprivate var rebase: @Sendable (inout Record, String) -> Void
  fileprivate var paths: @Sendable (Record) -> [String]

  init<Value>(
    _ key: String, _ path: any WritableKeyPath<Record, Value> & Sendable,
    _ kind: ValueKind<Value>, _ doc: String, isRequired: Bool = true
  ) {
    self.key = key
    self.doc = "\(kind.name): \(doc)"
    self.isRequired = isRequired
    decode = { node, record, reader in
      guard let value = kind.decode(node, &reader) else { return false }
      record[keyPath: path] = value
      return true
    }
    encode = { kind.encode($0[keyPath: path]) }
    rebase = { record, base in
      if let rebase = kind.rebase {
        record[keyPath: path] = rebase(record[keyPath: path], base)
      }
    }
    paths = { kind.paths?($0[keyPath: path]) ?? [] }
  }
}

extension ValueKind {
  /// A map with fixed keys; those that are not required have the blank record's value when left out.
  static func record(_ name: String, blank: Value, _ fields: [RecordField<Value>]) -> ValueKind {
    let shape =
      "{ "
      + fields.map { $0.isRequired ? "\($0.key): …" : "[\($0.key): …]" }
      .joined(separator: ", ") + " }"
    return ValueKind(
      name: name, allowed: shape,
      decode: { node, reader in
        guard let mapping = node.mapping else {
          reader.report("'\(reader.key)' entries must be maps like \(shape)", at: node)
          return nil
        }
        return decodeRecord(mapping, node, blank: blank, fields, &reader)
      },
      encode: { value in
        // What is as in the blank record is left out: a reader wants to see what was set.
        let told = fields.filter { $0.isRequired || $0.encode(value) != $0.encode(blank) }
        return "{ " + told.map { "\($0.key): \($0.encode(value))" }.joined(separator: ", ") + " }"
      },
      rebase: { value, base in
        var value = value
        for field in fields { field.rebase(&value, base) }
        return value
      },
      paths: { value in fields.flatMap { $0.paths(value) } })
  }

  private static func decodeRecord(
    _ mapping: Node.Mapping, _ node: Node, blank: Value, _ fields: [RecordField<Value>],
    _ reader: inout NodeReader
  ) -> Value? {
    var value = blank
    var missing = fields.filter(\.isRequired).map(\.key)
    var isGood = true
    let outer = reader.key
    defer { reader.key = outer }
    for (keyNode, valueNode) in mapping {
      let key = keyNode.scalar?.string ?? ""
      guard let field = fields.first(where: { $0.key == key }) else {
        let meant = NearestName.find(key, among: fields.map(\.key)) ?? fields[0].key
        reader.report("unknown key '\(key)' in '\(outer)'; did you mean '\(meant)'?", at: keyNode)
        isGood = false
        // The misspelt key most probably is the one that would be missed.
        missing.removeAll { $0 == meant }
        continue
      }
      missing.removeAll { $0 == key }
      reader.key = "\(outer)[].\(key)"
      if !field.decode(valueNode, &value, &reader) { isGood = false }
    }
    for key in missing {
      reader.report("'\(outer)' entry lacks '\(key)'", at: node)
      isGood = false
    }
    return isGood ? value : nil
  }
}
