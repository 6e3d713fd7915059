/// The text of a new model file, for `ponor models new NAME`.
///
/// Dropped into `DGAModels/` it compiles as it is; its known answers are placeholders, so that
/// `ponor models verify` and the tests say what is still to be filled in.
public struct ModelTemplate: Sendable {
  /// The family's id, as given but in lower case.
  public let family: String
  /// The Swift type's name, which is also the file's.
  public let typeName: String

  /// A template for a family's name: ASCII letters, digits, `-` and `_`, at most 63 in all.
  public init(named name: String) throws(TemplateError) {
    let isAllowed: (UInt8) -> Bool = { octet in
      (0x61...0x7A).contains(octet | 0x20) || (0x30...0x39).contains(octet)
        || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "_")
    }
    guard (1...63).contains(name.utf8.count), name.utf8.allSatisfy(isAllowed),
      name.utf8.contains(where: { (0x61...0x7A).contains($0 | 0x20) })
    else { throw .unusableName(name) }
    family = name.lowercased()
    typeName = ModelTemplate.typeName(for: family)
  }

  /// The name of the file in `DGAModels/`.
  public var fileName: String { typeName + ".swift" }

  /// The text of a new model file for a family's name.
  public static func source(named name: String) throws(TemplateError) -> String {
    try ModelTemplate(named: name).source
  }

  /// `my-bot_2` becomes `MyBot2`.
  private static func typeName(for family: String) -> String {
    let words = family.split { $0 == "-" || $0 == "_" }
    let joined = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    let startsWithDigit = joined.first?.isNumber ?? true
    return startsWithDigit || takenNames.contains(joined) ? "Family" + joined : joined
  }

  /// Names of one word that mean something else in a model file.
  private static let takenNames: Set<String> = [
    "Any", "Array", "Bool", "Catalogue", "Character", "Clock", "Dictionary", "Double", "Duration",
    "Error", "Float", "Generator", "Instant", "Int", "Never", "Optional", "Period",
    "Predictability", "Protocol", "Range", "Result", "Schrage", "Seed", "Self", "Set", "Span",
    "String", "Substring", "Suffixes", "Task", "Type", "Unicode",
  ]
}

/// Why there is no template for a name.
public enum TemplateError: Error, Sendable, Equatable {
  /// The name cannot be a family's id.
  case unusableName(String)
}

extension TemplateError: CustomStringConvertible {
  /// One line: what, where, what to do.
  public var description: String {
    switch self {
    case .unusableName(let name):
      return "\"\(name)\" cannot be a family's name; use ASCII letters, digits, - and _"
        + " (at least one letter, at most 63 characters)"
    }
  }
}
