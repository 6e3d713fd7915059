package import Evidence

/// Lines of `ponor hits list`: a table for people, JSON lines for programs.
package enum HitLines {
  /// One JSON object on one line, without the line end.
  ///
  /// `time` and `last_time` are RFC 3339, UTC, microseconds; `valid_from`, `valid_to` RFC 3339 or
  /// null; `ordinal` a number or null. `also` names further generators of the same name.
  /// `client_prefix`, `device`, `via` and `via_port` are there only for clients that a forwarder or
  /// balancer told of.
  package static func json(_ hit: HitRow) -> String {
    var object = JSONObject()
    object.add("time", UTCTime.rfc3339(microseconds: hit.firstMicroseconds))
    object.add("last_time", UTCTime.rfc3339(microseconds: hit.lastMicroseconds))
    object.add("client", hit.client.description)
    object.add("client_port", hit.clientPort)
    OriginFields.add(hit.origin, client: hit.client, to: &object)
    object.add("server", hit.server.description)
    object.add("server_port", hit.serverPort)
    object.add("transport", hit.transport.name)
    object.add("verified", hit.isVerified)
    if hit.wasChallenged { object.add("challenged", true) }
    object.add("qname", hit.qname)
    object.add("qname_raw", hit.qnameRaw)
    object.add("matched", hit.matchedName)
    object.add("qtype", NameText.type(hit.qtype))
    object.add("action", hit.action.name)
    add(hit.primary, to: &object)
    object.add("count", hit.count)
    if hit.matches.count > 1 {
      let further = hit.matches.dropFirst().map { match in
        var object = JSONObject()
        add(match, to: &object)
        return object.line
      }
      object.add("also", raw: "[" + further.joined(separator: ",") + "]")
    }
    if let unresolved = hit.unresolved {
      // Strings: 64 bits do not fit the numbers of every JSON reader (RFC 8259 §6).
      object.add("generation", String(unresolved.generation))
      object.add("payload", String(unresolved.payload))
    }
    return object.line
  }

  private static func add(_ match: ProvenanceMatch, to object: inout JSONObject) {
    let provenance = match.provenance
    object.add("family", provenance.family)
    object.add("variant", provenance.variant)
    object.add("seed", provenance.seed)
    object.add("kind", provenance.kind.name)
    object.add("valid_from", optional: provenance.validFrom.map { UTCTime.rfc3339(seconds: $0) })
    object.add("valid_to", optional: provenance.validTo.map { UTCTime.rfc3339(seconds: $0) })
    object.add("ordinal", raw: match.ordinal.map { "\($0)" } ?? "null")
  }

  // MARK: - Table

  /// The head of the table.
  package static let textHeader = TextTable.line(
    [
      "TIME (UTC)", "CLIENT", "PORT", "VIA", "TYPE", "ACTION", "COUNT", "FAMILY", "SEED",
      "ORDINAL", "VALID FROM", "VALID TO", "NAME",
    ], widths: widths)

  /// One line of the table, safe to print.
  package static func text(_ hit: HitRow) -> String {
    let match = hit.primary
    let provenance = match.provenance
    return TextTable.line(
      [
        UTCTime.rfc3339(microseconds: hit.firstMicroseconds),
        OriginFields.text(hit.origin, client: hit.client),
        "\(hit.clientPort)", hit.transport.name, NameText.type(hit.qtype), hit.action.name,
        "\(hit.count)", TextTable.family(provenance.family, provenance.variant),
        TextTable.orDash(provenance.seed), match.ordinal.map { "\($0)" } ?? "-",
        provenance.validFrom.map { UTCTime.rfc3339(seconds: $0) } ?? "always",
        provenance.validTo.map { UTCTime.rfc3339(seconds: $0) } ?? "always", hit.qname,
      ], widths: widths)
  }

  private static let widths = [27, 15, 5, 3, 5, 9, 5, 16, 12, 7, 20, 20, 0]
}

/// Pads the cells of table lines.
enum TextTable {
  /// The cells, each made safe and padded to its width, two blanks between them.
  static func line(_ cells: [String], widths: [Int]) -> String {
    var line = ""
    for (cell, width) in zip(cells, widths) {
      if !line.isEmpty { line += "  " }
      let safe = SafeText.terminal(cell)
      line += safe + String(repeating: " ", count: max(0, width - safe.utf8.count))
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  /// The text, or `-` for none.
  static func orDash(_ text: String) -> String { text.isEmpty ? "-" : text }

  /// `family` or `family/variant`.
  static func family(_ family: String, _ variant: String) -> String {
    variant.isEmpty ? family : family + "/" + variant
  }
}
