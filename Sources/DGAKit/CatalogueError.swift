/// Why a catalogue cannot find or add what was asked for.
public enum CatalogueError: Error, Sendable, Equatable {
  /// No family has that id.
  case unknownFamily(String, nearest: String?)
  /// The family has no variant of that name.
  case unknownVariant(family: String, variant: String, known: [String], nearest: String?)
  /// The family (or its variant, when one is named) has no seed of that label.
  case unknownSeed(
    family: String, variant: String?, label: String, known: [String], nearest: String?)
  /// A seed of that label is there already.
  case duplicateSeed(family: String, variant: String, label: String, origin: Seed.Origin)
  /// The model cannot be made from the seed.
  case model(family: String, ModelError)
}

extension CatalogueError: CustomStringConvertible {
  /// One line: what, where, what to do.
  public var description: String {
    switch self {
    case .unknownFamily(let id, let nearest):
      return "unknown family \(id)\(hint(nearest)); `ponor models list` shows all"
    case .unknownVariant(let family, let variant, let known, let nearest):
      let names = known.filter { !$0.isEmpty }
      let choice =
        names.isEmpty ? "it has no named variants" : "its variants: " + listing(names)
      let asked = variant.isEmpty ? "unnamed variant" : "variant \(variant)"
      return "family \(family) has no \(asked)\(hint(nearest)); \(choice)"
    case .unknownSeed(let family, let variant, let label, let known, let nearest):
      return "\(selectorText(family, variant ?? "")) has no seed \(label)\(hint(nearest));"
        + " its seeds: \(listing(known))"
    case .duplicateSeed(let family, let variant, let label, let origin):
      return "\(selectorText(family, variant)) has a seed \(label) already (\(origin));"
        + " choose another label"
    case .model(let family, let error):
      return "\(family): \(error)"
    }
  }
}

private func hint(_ nearest: String?) -> String {
  guard let nearest, !nearest.isEmpty else { return "" }
  return ", did you mean \(nearest)?"
}

private func listing(_ names: [String]) -> String {
  let shown = names.prefix(12).joined(separator: ", ")
  return names.count > 12 ? shown + ", … (\(names.count) in all)" : shown
}

/// `family` or `family/variant`, as the command line takes it.
func selectorText(_ family: String, _ variant: String) -> String {
  variant.isEmpty ? family : "\(family)/\(variant)"
}
