/// The options as a Markdown table, for `docs/configuration.md`.
package enum OptionsTable {
  /// Line that begins the generated part of the page.
  package static let begin = "<!-- options: written from the table in code; do not edit -->"
  /// Line that ends it.
  package static let end = "<!-- end of options -->"

  /// The generated part, from `begin` to `end`, with a heading and table per section.
  package static func render() -> String {
    var lines = [begin]
    for section in Settings.sections {
      lines.append("")
      if !section.key.isEmpty { lines += ["### `\(section.key)`", "", section.summary, ""] }
      lines += [
        "| option | type | default | takes effect | what it does |", "|---|---|---|---|---|",
      ]
      lines += section.options.map(row)
    }
    return (lines + ["", end]).joined(separator: "\n") + "\n"
  }

  private static func row(_ option: Option) -> String {
    let type = option.allowed.isEmpty ? option.type : "\(option.type): \(option.allowed)"
    let doc = option.details.isEmpty ? option.summary : "\(option.summary) \(option.details)"
    let cells = [
      "`\(option.key)`", escaped(type), "`\(escaped(option.defaultText))`",
      option.effect.rawValue, escaped(doc),
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  private static func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
