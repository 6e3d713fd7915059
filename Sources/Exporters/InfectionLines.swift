package import Evidence

/// Lines of `ponor infections list`: a table for people, JSON lines for programs.
package enum InfectionLines {
  /// One JSON object on one line, without the line end.
  ///
  /// What an episode adds (`id`, `case`, `gate` and so on) is there only when there is one.
  package static func json(_ infection: Infection, _ episode: EpisodeReport?) -> String {
    var object = JSONObject()
    object.add("client", infection.client.description)
    OriginFields.add(infection.origin, client: infection.client, to: &object)
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
    episode?.addSummary(to: &object)
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
      "TYPES", "VIA", "PORT", "CASE", "GATE", "SURE",
    ], widths: widths)

  /// One line of the table, safe to print; the reasons follow on lines of their own.
  package static func text(_ infection: Infection, _ episode: EpisodeReport?) -> String {
    let line = TextTable.line(
      [
        OriginFields.text(infection.origin, client: infection.client),
        TextTable.family(infection.family, infection.variant),
        TextTable.orDash(infection.seed), "\(infection.distinctNames)", "\(infection.hits)",
        "\(infection.verifiedHits)", UTCTime.rfc3339(microseconds: infection.firstMicroseconds),
        UTCTime.rfc3339(microseconds: infection.lastMicroseconds),
        infection.qtypes.map { NameText.type($0) }.joined(separator: ","),
        infection.transports.map(\.name).joined(separator: ","), "\(infection.lastPort)",
        episode?.caseNumber.description ?? "-", episode?.score.gate.rawValue ?? "-",
        episode.map { EpisodeReport.percent($0.score.confidence) } ?? "-",
      ], widths: widths)
    guard let episode else { return line }
    return ([line] + episode.score.reasons.map { "    - " + SafeText.terminal($0) })
      .joined(separator: "\n")
  }

  private static let widths = [15, 16, 12, 6, 7, 8, 27, 27, 8, 7, 5, 14, 9, 9]
}
