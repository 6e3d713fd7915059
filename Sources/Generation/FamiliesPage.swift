package import DGAKit

/// All families as Markdown, for `docs/families.md`: a table of the variants, then a section each.
package enum FamiliesPage {
  /// Line that begins the generated part of the page.
  package static let begin =
    "<!-- families: written by `ponor models document` from the models; do not edit -->"
  /// Line that ends it.
  package static let end = "<!-- end of families -->"

  /// The generated part, from `begin` to `end`.
  ///
  /// Only what is built in stands there: seeds from files would make the page differ by machine.
  package static func render(_ catalogue: ModelCatalogue) -> String {
    let families = catalogue.families
    let variants = families.reduce(0) { $0 + $1.metadata.variants.count }
    let seeds = families.reduce(0) { $0 + $1.model.seeds.count }
    let lines = [
      begin, "", "\(families.count) families, \(variants) variants, \(seeds) seeds.", "",
      "| " + columns.joined(separator: " | ") + " |",
      "|" + String(repeating: "---|", count: columns.count),
    ]
    let rows = families.flatMap { family in family.metadata.variants.map { row(family, $0) } }
    let sections = families.flatMap { ["", section($0)] }
    return (lines + rows + sections + ["", end]).joined(separator: "\n") + "\n"
  }

  // MARK: - The table

  private static let columns = [
    "family/variant", "kind", "period", "clock", "names per list", "order, tries", "suffixes",
    "seeds", "trust",
  ]

  private static func row(_ family: ModelCatalogue.Family, _ variant: VariantInfo) -> String {
    let name = family.metadata.family
    let seeds = family.model.seeds.count { $0.variant == variant.name }
    let cells = [
      "[\(model(name, variant.name))](#\(name))", "\(variant.kind.rawValue), \(variant.taxonomy)",
      variant.period.summary, variant.clock.rawValue, variant.namesPerPeriod.summary,
      walk(variant), suffixes(variant), "\(seeds)",
      family.metadata.trust(of: variant).rawValue,
    ]
    return "| " + cells.map(escaped).joined(separator: " | ") + " |"
  }

  private static func model(_ family: String, _ variant: String) -> String {
    variant.isEmpty ? family : "\(family)/\(variant)"
  }

  private static func walk(_ variant: VariantInfo) -> String {
    let order = variant.order == .unknown ? "" : variant.order.rawValue
    let tries = variant.triesPerRun.map { "\($0) a run" } ?? ""
    return [order, tries].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// Suffixes listed in a cell; a family's section has them all.
  private static let suffixesShown = 6

  private static func suffixes(_ variant: VariantInfo) -> String {
    let all = variant.topLevelDomains
    guard all != ["*"] else { return "from the seed" }
    let shown = all.prefix(suffixesShown).joined(separator: " ")
    return all.count > suffixesShown ? "\(shown) … (\(all.count))" : shown
  }

  // MARK: - A family's section

  private static func section(_ family: ModelCatalogue.Family) -> String {
    let metadata = family.metadata
    var items = [item("Also called", metadata.aliases.joined(separator: ", "))]
    items.append(identifiers(metadata))
    items.append(item("Checked", metadata.check))
    items.append(item("Notes", metadata.notes))
    items += metadata.variants.flatMap { facts($0, of: metadata) }
    items.append(item("Sources", metadata.references.map(link).joined(separator: ", ")))
    let body = items.filter { !$0.isEmpty }.joined(separator: "\n")
    return "### \(metadata.family)\n\n\(body)"
  }

  private static func identifiers(_ metadata: ModelMetadata) -> String {
    let technique = metadata.attackTechnique
    let path = technique.split(separator: ".").joined(separator: "/")
    let attack = "ATT&CK [\(technique)](https://attack.mitre.org/techniques/\(path)/)"
    let malpedia = metadata.malpedia.map {
      "Malpedia [\($0)](https://malpedia.caad.fkie.fraunhofer.de/details/\($0)), "
    }
    return "- \(malpedia ?? "")\(attack)"
  }

  /// What one variant has of its own; its name stands in front where a family has several.
  private static func facts(_ variant: VariantInfo, of metadata: ModelMetadata) -> [String] {
    let prefix = variant.name.isEmpty ? "" : "`\(variant.name)`: "
    let predictability =
      switch variant.predictability {
      case .full: item("", "")
      case .partial(let text): item(prefix + "predictable in part", text)
      case .unpredictable(let text): item(prefix + "not predictable", text)
      }
    let all = variant.topLevelDomains
    return [
      item(prefix + "checked", variant.check ?? ""),
      item(prefix + "all suffixes", all.count > suffixesShown ? all.joined(separator: " ") : ""),
      item(prefix + "shared suffixes", variant.sharedSuffixes.joined(separator: " ")),
      item(prefix + "word lists", variant.wordLists.map(\.file).joined(separator: ", ")),
      predictability,
      item(prefix + "names that are no DNS names", variant.invalidNames ?? ""),
      item(prefix + "notes", variant.notes),
    ]
  }

  private static func item(_ title: String, _ text: String) -> String {
    guard !text.isEmpty else { return "" }
    // Capital letters at the start, but never in a variant's name.
    let title = title.first == "`" ? title : title.prefix(1).uppercased() + title.dropFirst()
    return "- \(title): \(plain(text))"
  }

  // MARK: - Markdown

  private static func link(_ reference: String) -> String {
    guard let space = reference.firstIndex(of: " "), reference.hasPrefix("http") else {
      return reference.hasPrefix("http") ? "<\(reference)>" : reference
    }
    return "<\(reference[..<space])>\(reference[space...])"
  }

  /// Text in which nothing is taken for HTML, links excepted.
  private static func plain(_ text: String) -> String {
    text.replacing(/<(?!http)/, with: "&lt;")
  }

  private static func escaped(_ text: String) -> String {
    plain(text).replacing("|", with: "\\|")
  }
}
