import CheckedYAML
import Yams

/// One row of the table of options: everything Ponor knows about a configuration key.
///
/// Reading, checking, the reference file, the documentation and the comparison of two
/// configurations all come from these rows. To add an option, add a property with its default to a
/// section's struct and a row to that section's list, both in one file of `Sections/`.
package struct Option: Sendable {
  /// When a changed value takes effect.
  package enum Effect: String, Sendable {
    /// At the next reload, no query is dropped.
    case reload
    /// At the next start.
    case restart
  }

  /// Dotted key, `server.listen`.
  package let key: String
  /// Type as the documentation names it, with its unit.
  package let type: String
  /// Range or allowed words; "" when the type says it all.
  package let allowed: String
  /// What the option does, one sentence.
  package let summary: String
  /// More about it, "" when the summary suffices.
  package let details: String
  /// When a changed value takes effect.
  package let effect: Effect

  let read: @Sendable (Node, inout Settings, inout NodeReader) -> Void
  let text: @Sendable (Settings) -> String
  let isEqual: @Sendable (Settings, Settings) -> Bool
  let copy: @Sendable (Settings, inout Settings) -> Void
  let rebase: @Sendable (inout Settings, String) -> Void
  let paths: @Sendable (Settings) -> [String]

  /// The default as YAML text.
  package var defaultText: String { text(Settings()) }

  /// The value as it may be shown: secrets go into no log and no answer of the control socket.
  func shownText(_ settings: Settings) -> String {
    type.hasSuffix(ValueKind<String>.secret.name) ? "(secret)" : text(settings)
  }

  /// The option's last key part, as it stands in the file below its section.
  var leaf: Substring { key.split(separator: ".").last ?? "" }
  /// The key parts before the last.
  var sectionPath: ArraySlice<Substring> { key.split(separator: ".").dropLast() }

  init<Value>(
    _ key: String, _ path: any WritableKeyPath<Settings, Value> & Sendable,
    _ kind: ValueKind<Value>, _ effect: Effect, _ summary: String, details: String = ""
  ) {
    self.key = key
    self.type = kind.name
    self.allowed = kind.allowed
    self.summary = summary
    self.details = details
    self.effect = effect
    read = { node, settings, reader in
      reader.key = key
      if let value = kind.decode(node, &reader) { settings[keyPath: path] = value }
    }
    text = { kind.encode($0[keyPath: path]) }
    isEqual = { $0[keyPath: path] == $1[keyPath: path] }
    copy = { source, target in target[keyPath: path] = source[keyPath: path] }
    rebase = { settings, base in
      if let rebase = kind.rebase {
        settings[keyPath: path] = rebase(settings[keyPath: path], base)
      }
    }
    paths = { kind.paths?($0[keyPath: path]) ?? [] }
  }
}

/// A group of options under one key, with a sentence for the documentation.
package struct Section: Sendable {
  /// Key of the section, `server.tcp`; "" for options at the top of the file.
  package let key: String
  /// What the section is about.
  package let summary: String
  /// Its rows, in the order of the reference file.
  package let options: [Option]
}
