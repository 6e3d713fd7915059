/// Why a model cannot be made from a seed.
public enum ModelError: Error, Sendable, Equatable {
  /// A parameter the algorithm needs is not in the seed.
  case missingParameter(seed: String, parameter: String)
  /// A parameter has a value the algorithm cannot use.
  case invalidParameter(seed: String, parameter: String, problem: String)
  /// The seed's variant is none the family has.
  case unknownVariant(seed: String, variant: String)
  /// A word list was not handed in; `directory` is where it was looked for, if anywhere.
  case missingWordList(file: String, directory: String?, expectedSHA256: String)
  /// A word list is not the one the family uses.
  case alteredWordList(
    file: String, directory: String?, expectedSHA256: String, foundSHA256: String)
}

extension ModelError: CustomStringConvertible {
  /// One line: what, where, what to do.
  public var description: String {
    switch self {
    case .missingParameter(let seed, let parameter):
      return "seed \(seed): parameter \(parameter) is missing; add it to the seed's parameters"
    case .invalidParameter(let seed, let parameter, let problem):
      return "seed \(seed): parameter \(parameter) \(problem)"
    case .unknownVariant(let seed, let variant):
      return "seed \(seed): the family has no variant \(variant)"
    case .missingWordList(let file, let directory, let expected):
      let place = directory.map { "in \($0)" } ?? "because no word list directory is set"
      return
        "word list \(file) not found \(place); put the file with SHA-256 \(expected) there"
        + " (--wordlists DIR)"
    case .alteredWordList(let file, let directory, let expected, let found):
      let place = directory.map { "\($0)/\(file)" } ?? file
      return "word list \(place) has SHA-256 \(found), but the family uses \(expected);"
        + " replace it by that version"
    }
  }
}
