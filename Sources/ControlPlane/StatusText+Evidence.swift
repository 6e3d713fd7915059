/// How scoring does, for people.
extension StatusText {
  static func evidence(_ status: EvidenceStatus) -> [String] {
    let gates = ["confirmed", "likely", "suspected", "recorded"]
    let open = gates.filter { status.open[$0] ?? 0 > 0 }
      .map { "\($0) \(grouped(status.open[$0] ?? 0))" }
    var text =
      "scored \(grouped(status.scored)), pending \(grouped(status.pending)), "
      + "records \(grouped(status.records)), quarantine \(grouped(status.quarantined))"
    if status.isRebuilding { text += ", computing stored hits again" }
    var lines = [line("evidence", text)]
    if !open.isEmpty { lines.append(line("", "open episodes: " + open.joined(separator: ", "))) }
    lines += attribution(status)
    if let error = status.lastError { lines.append(line("", "not scoring: \(error)")) }
    return lines
  }

  private static func attribution(_ status: EvidenceStatus) -> [String] {
    let counts = status.attributed.sorted { $0.key > $1.key }
      .map { "\($0.key) \(grouped($0.value))" }
    var lines: [String] = []
    if !counts.isEmpty {
      lines.append(line("", "hits attributed: " + counts.joined(separator: ", ")))
    }
    if let problem = status.attributionProblem {
      lines.append(line("", "not attributing: \(problem)"))
    }
    return lines
  }
}
