import Evidence

/// The episode for people: what is concluded, why, and what would change it.
extension EpisodeReport {
  /// Several lines, safe to print, without the last line end.
  package var text: String {
    var lines = head
    lines += ["", "names (first lookup, verified):"] + nameLines
    lines += ["", "terms, natural logarithm of the odds against coincidence:"] + termLines
    lines += ["", "probabilities:"] + probabilityLines
    lines += section("why:", score.reasons)
    lines += section("what would make it surer:", score.raises)
    lines += section("what would make it less sure:", score.lowers)
    if !steps.isEmpty { lines += ["", "work:"] + steps.map(Self.line) }
    return lines.joined(separator: "\n")
  }

  private var head: [String] {
    let confidence = Self.percent(score.confidence)
    return [
      "\(caseNumber)  \(SafeText.terminal(family))  \(SafeText.terminal(suspect))",
      "\(score.gate.rawValue), \(confidence) infected; case \(facts.state.name), "
        + (isOpen ? "open" : "closed"),
      "episode \(id)",
      "seen \(UTCTime.rfc3339(microseconds: first)) to \(UTCTime.rfc3339(microseconds: last)), "
        + "\(state.all.lookups) lookups of \(state.distinctNames) names, "
        + "\(score.days) days, \(score.bursts) bursts",
      "scope \(scope.rawValue)" + (devices > 1 ? " (about \(devices) devices)" : "")
        + ", address \(verifiedLookups > 0 ? "verified" : "not verified"), parameters "
        + SafeText.terminal(score.version),
    ]
  }

  private var nameLines: [String] {
    let lines = state.names.map { name in
      "  \(NameText.presentation(name.name, lowercased: true))  "
        + UTCTime.rfc3339(microseconds: name.first) + (name.lastVerified == nil ? "" : "  verified")
    }
    let more = Int(clamping: state.distinctNames) - lines.count
    return more > 0 ? lines + ["  and about \(more) more"] : lines
  }

  private var termLines: [String] {
    let head = Self.row("", "infected", "analyst", "relay")
    let rows = score.terms.map { term in
      let name = term.detail.isEmpty ? term.name : "\(term.name): \(term.detail)"
      return Self.row(SafeText.terminal(name), term.values)
    }
    var lines = [head] + rows + [Self.row("sum", score.sum)]
    if let spoofed = score.spoofed {
      lines.append("  somebody else forged the address: \(Self.number(spoofed))")
    }
    return lines
  }

  private var probabilityLines: [String] {
    Hypothesis.allCases.map { hypothesis in
      "  " + Self.padded(hypothesis.rawValue, 10) + Self.percent(score.probabilities[hypothesis])
    }
  }

  private func section(_ title: String, _ sentences: [String]) -> [String] {
    sentences.isEmpty ? [] : ["", title] + sentences.map { "  - " + SafeText.terminal($0) }
  }

  private static func line(_ step: Step) -> String {
    let note = step.note.isEmpty ? "" : ": " + SafeText.terminal(step.note)
    return "  \(UTCTime.rfc3339(microseconds: step.time))  \(step.state.name) by "
      + SafeText.terminal(step.who) + note
  }

  // MARK: - Figures

  private static func row(_ name: String, _ values: HypothesisValues) -> String {
    row(name, number(values.infected), number(values.analyst), number(values.relay))
  }

  private static func row(_ name: String, _ first: String, _ second: String, _ third: String)
    -> String
  {
    "  " + padded(name, 48) + [first, second, third].map { leading($0, 10) }.joined()
  }

  /// Two decimals, rounded to the nearest.
  private static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    let hundredths = Int64((value * 100).rounded())
    let sign = hundredths < 0 ? "-" : ""
    let fraction = hundredths.magnitude % 100
    return "\(sign)\(hundredths.magnitude / 100).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  static func percent(_ share: Double) -> String {
    // 99.96 % is not 100 %: the difference is what a gate is about.
    let text = number(share * 100)
    return (text == "100.00" && share < 1 ? "> 99.99" : text) + " %"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.utf8.count))
  }

  private static func leading(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.utf8.count)) + text
  }
}
