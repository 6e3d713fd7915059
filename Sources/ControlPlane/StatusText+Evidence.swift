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
    if let error = status.lastError { lines.append(line("", "not scoring: \(error)")) }
    return lines
  }
}
