/// The annotated configuration file, written from the table of options.
package enum ReferenceFile {
  /// Width comments are wrapped at.
  private static let width = 92

  /// All options with documentation and the values of `settings`, as a file Ponor reads back.
  package static func render(_ settings: Settings = Settings()) -> String {
    var lines = comment(
      """
      Configuration of Ponor: every option with its default. Written by `ponor config \
      reference`; an option left out has the value shown here. Relative paths are resolved \
      against the directory of this file. Sizes take B, KiB, MiB, GiB, TiB; durations ms, s, m, \
      h, d, w (a bare number means seconds). "reload" options change with `ponor reload`, \
      "restart" options at the next start. Check a file with `ponor config check FILE`.
      """, indent: 0)
    for section in Settings.sections {
      let depth = section.key.isEmpty ? 0 : section.key.split(separator: ".").count
      lines.append("")
      if depth > 0 {
        lines += comment(section.summary, indent: depth - 1)
        let name = section.key.split(separator: ".").last ?? ""
        lines.append(pad(depth - 1) + "\(name):")
      }
      for (position, option) in section.options.enumerated() {
        if position > 0 { lines.append("") }
        lines += annotated(option, settings, depth: depth)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func annotated(_ option: Option, _ settings: Settings, depth: Int) -> [String] {
    var text = option.summary
    if !option.details.isEmpty { text += " " + option.details }
    let facts = [option.type, option.allowed, option.effect.rawValue].filter { !$0.isEmpty }
    return comment(text, indent: depth)
      + comment("(\(facts.joined(separator: "; ")))", indent: depth)
      + [pad(depth) + "\(option.leaf): \(option.text(settings))"]
  }

  private static func pad(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

  private static func comment(_ text: String, indent: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if !line.isEmpty, line.count + word.count + 3 + 2 * indent > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? "\(word)" : " \(word)"
    }
    return (lines + [line]).map { pad(indent) + "# " + $0 }
  }
}
