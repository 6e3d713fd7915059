/// One option whose value differs between two configurations.
package struct SettingsChange: Equatable, Sendable, CustomStringConvertible {
  /// Dotted key of the option.
  package var key: String
  /// Former value as YAML text.
  package var old: String
  /// New value as YAML text.
  package var new: String
  /// When the new value takes effect.
  package var effect: Option.Effect

  /// `key: old -> new`, and whether a restart is needed.
  package var description: String {
    "\(key): \(old) -> \(new)" + (effect == .restart ? " (needs a restart)" : "")
  }
}

extension Settings {
  /// What differs from `old` to this, in the order of the table.
  package func changes(from old: Settings) -> [SettingsChange] {
    Settings.options.filter { !$0.isEqual(old, self) }.map {
      SettingsChange(
        key: $0.key, old: $0.shownText(old), new: $0.shownText(self), effect: $0.effect)
    }
  }

  /// These settings with every reloadable value of `new`: what a running server may switch to.
  package func reloading(_ new: Settings) -> Settings {
    var result = self
    for option in Settings.options where option.effect == .reload { option.copy(new, &result) }
    return result
  }
}
