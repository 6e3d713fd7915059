import Evidence

/// What formats say about a record in words, and the names receivers match on.
enum RecordText {
  /// One sentence: `6 lookups of 3 names of conficker (b), the first of xkqvhlmrtu.biz, A`.
  static func summary(_ record: InfectionRecord) -> String {
    let variant = record.variant.isEmpty ? "" : " (\(record.variant))"
    var text =
      "\(counted(record.count, "lookup")) of \(counted(record.distinctNames, "listed name"))"
      + " of \(record.family)\(variant)"
    if let first = record.lookups.first { text += ", the first of \(first.qname), \(first.qtype)" }
    return text + ", from " + UTCTime.rfc3339(microseconds: record.firstMicroseconds) + " to "
      + UTCTime.rfc3339(microseconds: record.lastMicroseconds)
  }

  /// The summary and the reasons, at most `limit` scalars, safe to print.
  ///
  /// - Parameter notesTest: whether to begin with a word on rehearsals, for formats without a place
  ///   for that.
  static func description(
    _ record: InfectionRecord, notesTest: Bool, limit: Int = 1_000
  ) -> String {
    var parts = notesTest && record.isTest ? ["TEST, no real infection"] : []
    parts.append(summary(record))
    if record.client.scope == .shared {
      parts.append("many lines share the address: the source port tells them apart")
    }
    if !record.isVerified { parts.append("the source address was not verified") }
    parts += record.reasons
    let text = SafeText.visible(parts.joined(separator: ". "))
    // Schemas count scalars (JSON Schema, maxLength), not what people see as characters.
    return String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
  }

  /// A line per example, as evidence.
  static func evidence(_ record: InfectionRecord) -> [String] {
    let source = ReportedSource(record.client).address
    return record.lookups.map { lookup in
      let port = lookup.port == 0 ? "" : " port \(lookup.port)"
      return UTCTime.rfc3339(microseconds: lookup.microseconds)
        + " \(source)\(port) asked \(record.serverAddress) by \(lookup.transport)"
        + " for \(lookup.qname) \(lookup.qtype), answered: \(lookup.action)"
    }
  }

  /// What receivers match on, lower case, printable ASCII: IntelMQ's `malware.name` refuses others.
  ///
  /// - Parameter marksTest: for formats that have no class for rehearsals, so the name itself must not
  ///   look like an infection.
  static func malware(
    _ record: InfectionRecord, _ options: ExportOptions, marksTest: Bool
  ) -> String {
    let name = options.aliases[record.family]?.shadowserver ?? record.family
    return SafeText.ascii(((marksTest && record.isTest ? "test-" : "") + name).lowercased())
  }

  /// The first example's name if it is a host name (letters, digits, `-`, `_`), which many formats
  /// want: not every name that is asked for is one.
  static func hostname(_ record: InfectionRecord) -> String? {
    guard let name = record.lookups.first?.qname, HostName.isValid(name) else { return nil }
    return name
  }

  private static func counted(_ number: UInt64, _ what: String) -> String {
    "\(number) \(what)\(number == 1 ? "" : "s")"
  }
}
