/// Where a secret is read from: never the configuration itself, which is shown and copied.
package enum SecretSource: Hashable, Sendable, CustomStringConvertible {
  /// A file with nothing else in it.
  case file(String)
  /// A variable of the environment.
  case environment(String)

  /// The place as it stands in the configuration; the secret itself is not in here.
  package var description: String {
    switch self {
    case .file(let path): "file:\(path)"
    case .environment(let name): "env:\(name)"
    }
  }
}

extension ValueKind where Value == SecretSource {
  /// `file:PATH` or `env:NAME`.
  static var secretSource: ValueKind {
    var kind = ValueKind.scalar(
      "file:PATH or env:NAME",
      parse: { (text) throws(BadValue) in
        if text.hasPrefix("file:") {
          let path = String(text.dropFirst(5))
          guard !path.isEmpty, path.utf8.count < 4096 else { throw BadValue("names no file") }
          return .file(path)
        }
        guard text.hasPrefix("env:"), text.utf8.count > 4, text.utf8.count < 256 else {
          throw BadValue("names no place; write file:PATH or env:NAME, never the secret itself")
        }
        return .environment(String(text.dropFirst(4)))
      }, encode: { YAMLText.quoted($0.description) })
    kind.paths = { source in
      if case .file(let path) = source { return [path] }
      return []
    }
    kind.rebase = { source, base in
      guard case .file(let path) = source, let rebase = ValueKind<String>.path.rebase else {
        return source
      }
      return .file(rebase(path, base))
    }
    return kind
  }
}
