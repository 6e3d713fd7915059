package import Evidence

/// Lines of `ponor infections list`: a table for people, JSON lines for programs.
package enum InfectionLines {
  /// One JSON object on one line, without the line end.
  ///
  /// `confidence` and `reasons` are there only when an evaluator gave an assessment.
  package static func json(_ infection: Infection, _ assessment: InfectionAssessment?) -> String {
    var object = JSONObject()
    object.add("client", infection.client.description)
    object.add("family", infection.family)
    object.add("variant", infection.variant)
    object.add("seed", infection.seed)
    object.add("kind", infection.kind.name)
    object.add("distinct_names", infection.distinctNames)
    object.add("hits", infection.hits)
    object.add("verified_hits", infection.verifiedHits)
    object.add("first_time", UTCTime.rfc3339(microseconds: infection.firstMicroseconds))
    object.add("last_time", UTCTime.rfc3339(microseconds: infection.lastMicroseconds))
    object.add("qtypes", raw: array(infection.qtypes.map { NameText.type($0) }))
    object.add("transports", raw: array(infection.transports.map(\.name)))
    object.add("last_port", infection.lastPort)
    object.add("last_server", infection.lastServer.description)
    object.add("last_server_port", infection.lastServerPort)
    if let assessment {
      object.add("confidence", raw: "\(assessment.confidence)")
      object.add("reasons", raw: array(assessment.reasons))
    }
    return object.line
  }

  private static func array(_ texts: [String]) -> String {
    "[" + texts.map { SafeText.json($0) }.joined(separator: ",") + "]"
  }

  // MARK: - Table

  /// The head of the table.
  package static let textHeader = TextTable.line(
    [
      "CLIENT", "FAMILY", "SEED", "NAMES", "HITS", "VERIFIED", "FIRST (UTC)", "LAST (UTC)",
      "TYPES", "VIA", "PORT",
    ], widths: widths)

  /// One line of the table, safe to print; the assessment's reasons follow on lines of their own.
  package static func text(_ infection: Infection, _ assessment: InfectionAssessment?) -> String {
    let line = TextTable.line(
      [
        infection.client.description, TextTable.family(infection.family, infection.variant),
        TextTable.orDash(infection.seed), "\(infection.distinctNames)", "\(infection.hits)",
        "\(infection.verifiedHits)", UTCTime.rfc3339(microseconds: infection.firstMicroseconds),
        UTCTime.rfc3339(microseconds: infection.lastMicroseconds),
        infection.qtypes.map { NameText.type($0) }.joined(separator: ","),
        infection.transports.map(\.name).joined(separator: ","), "\(infection.lastPort)",
      ], widths: widths)
    guard let assessment else { return line }
    let confidence = "    confidence \(Int((assessment.confidence * 100).rounded())) %"
    return ([line, confidence] + assessment.reasons.map { "    - " + SafeText.terminal($0) })
      .joined(separator: "\n")
  }

  private static let widths = [15, 16, 12, 6, 7, 8, 27, 27, 8, 7, 5]
}
