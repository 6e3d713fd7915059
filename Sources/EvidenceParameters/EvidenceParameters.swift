package import CheckedYAML
package import Evidence
internal import Yams

/// The data file of the scoring model: its numbers, read and checked.
package enum EvidenceParameters {
  /// Largest file that is read, octets: the built-in one has some 6,000.
  package static let maximumSize = 1 << 20

  /// The file that is part of the program, to be copied and changed.
  package static var builtInFile: [UInt8] { PackageResources.parameters_yaml }

  /// The numbers of the built-in file.
  package static func builtIn() throws(SourceProblem) -> ScoringParameters {
    try parse(builtInFile, file: "built-in parameters")
  }

  /// The numbers of a file that replaces the built-in one.
  package static func read(_ path: String) throws(SourceProblem) -> ScoringParameters {
    try parse(try SmallFile.read(path, limit: maximumSize), file: path)
  }

  /// The numbers that a file's octets say; every key must be there, and no other.
  package static func parse(
    _ octets: [UInt8], file: String
  ) throws(SourceProblem) -> ScoringParameters {
    guard let root = try CheckedYAML.parse(octets, file: file) else {
      throw SourceProblem(file: file, "the file is empty; start from the built-in parameters")
    }
    var parameters = ScoringParameters()
    var reader = ParameterReader(file: file)
    try reader.open(root)
    parameters.version = try reader.version()
    for row in ParameterRow.all { try reader.read(row, into: &parameters) }
    parameters.benign.registrations = try reader.registrations()
    parameters.families = try reader.families()
    try reader.refuseUnknown()
    try checkOrder(of: parameters, reader)
    return parameters
  }

  /// Numbers that must stand in an order.
  private static func checkOrder(
    of parameters: ScoringParameters, _ reader: ParameterReader
  ) throws(SourceProblem) {
    let gates = parameters.gates
    guard gates.suspected <= gates.likely, gates.likely <= gates.confirmed else {
      throw reader.problem(
        "gates", "suspected, likely and confirmed must not fall; put them in that order")
    }
    guard parameters.order.ascending > parameters.order.chance else {
      throw reader.problem(
        "order.ascending", "must be above order.chance, or order would speak against a bot")
    }
  }
}
