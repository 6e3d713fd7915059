import FoundationEssentials

/// The status of a server as people read it: what `ponor status` prints without `--json`.
package enum StatusText {
  /// Renders `status` as lines of at most about 80 columns, each ended with a newline.
  package static func render(_ status: ServerStatus) -> String {
    var lines = [
      line(
        "server",
        "ponor \(status.version), pid \(status.pid), mode \(status.mode), "
          + "up \(duration(status.uptimeSeconds)) since \(instant(status.started))")
    ]
    lines += status.operation.map(operation) ?? []
    lines += index(status.index)
    lines += queries(status.queries)
    lines += limits(status)
    lines.append(line("tcp", counts(tcp(status.tcp))))
    lines += hits(status.hits)
    lines += status.evidence.map(evidence) ?? []
    lines.append(line("cache", cache(status.cache)))
    lines.append(line("recursion", counts(recursion(status.recursion))))
    lines += status.zones.map { line("zone", zone($0)) }
    for zone in status.rpz {
      for (number, text) in policyZone(zone).enumerated() {
        lines.append(line(number == 0 ? "rpz" : "", text))
      }
    }
    lines += status.rpzOut.map { line("rpz out", rpzOut($0)) }
    if let dnstap = status.dnstap {
      lines.append(
        line("dnstap", "\(grouped(dnstap.sent)) sent, \(grouped(dnstap.dropped)) dropped"))
    }
    lines += status.delivery.map(delivery) ?? []
    lines += status.warnings.map { line("warning", $0) }
    return lines.map { $0 + "\n" }.joined()
  }

  // MARK: Sections

  private static func index(_ index: IndexStatus?) -> [String] {
    guard let index else { return [line("index", "none: no name is sinkholed")] }
    return [
      line(
        "index",
        "generation \(index.generation), \(index.state), built \(instant(index.built)) "
          + "(\(duration(index.ageSeconds)) ago)"),
      line(
        "",
        "\(grouped(index.names)) names, \(grouped(index.rows)) rows, "
          + "\(grouped(index.families)) families, \(bytes(index.bytes))"),
      line("", "covers \(instant(index.windowFrom)) to \(instant(index.windowTo))"),
    ]
  }

  private static func queries(_ queries: QueryStatus) -> [String] {
    let kinds = queries.byKind
    let all: [(String, Int)] = [
      ("sinkholed", kinds.sinkholed), ("nxdomain", kinds.nxdomain), ("observed", kinds.observed),
      ("colliding", kinds.colliding), ("cache hit", kinds.cacheHit),
      ("recursed", kinds.recursed), ("authoritative", kinds.authoritative),
      ("special", kinds.special), ("refused", kinds.refused), ("formerr", kinds.formerr),
      ("notimp", kinds.notimp), ("dropped", kinds.dropped), ("challenged", kinds.challenged),
      ("policy", kinds.policy),
    ]
    let transports = [("udp", queries.udp), ("tcp", queries.tcp)]
    let encrypted = [("dot", queries.dot), ("doh", queries.doh)].filter { $0.1 > 0 }
    let total =
      "\(grouped(queries.total)) ("
      + (transports + encrypted).map { "\($0) \(grouped($1))" }.joined(separator: ", ") + ")"
    let seen = all.filter { $0.1 > 0 }
    return [line("queries", total)] + (seen.isEmpty ? [] : wrapped(seen))
  }

  private static func hits(_ hits: HitStatus) -> [String] {
    let figures = [
      ("appended", hits.appended), ("stored", hits.stored), ("folded", hits.folded),
      ("pending", hits.pending), ("dropped", hits.dropped),
    ]
    return [line("hits", counts(figures))]
      + (hits.lastError.map { [line("", "last error: \($0)")] } ?? [])
  }

  private static func limits(_ status: ServerStatus) -> [String] {
    let seen = status.limits.sorted { $0.key < $1.key }.map { key, value in
      (key.split(separator: "_").joined(separator: " "), value)
    }
    let views = status.views.isEmpty ? [] : [line("views", status.views.joined(separator: ", "))]
    guard !seen.isEmpty else { return views }
    let total = seen.reduce(0) { $0 + $1.1 }
    return views + [line("limits", "\(grouped(total)) held back or challenged")] + wrapped(seen)
  }

  private static func tcp(_ tcp: ConnectionStatus) -> [(String, Int)] {
    [
      ("open", tcp.open), ("accepted", tcp.accepted), ("refused", tcp.refused),
      ("timeouts", tcp.timeouts), ("malformed", tcp.malformed),
    ]
  }

  private static func recursion(_ recursion: RecursionStatus) -> [(String, Int)] {
    [
      ("in flight", recursion.inFlight), ("finished", recursion.finished),
      ("refused", recursion.refused), ("servfail", recursion.servfail),
    ]
  }

  private static func cache(_ cache: CacheStatus) -> String {
    let asked = cache.hits + cache.misses
    let share = asked == 0 ? "" : ", \(cache.hits * 100 / asked) % hits"
    return "\(grouped(cache.entries)) entries, \(bytes(cache.bytes))\(share)"
  }

  private static func zone(_ zone: ZoneStatus) -> String {
    "\(zone.name) serial \(zone.serial), \(grouped(zone.records)) records"
      + (zone.secondary.map { "; \($0.state)" } ?? "")
      + (zone.error.map { "; \($0)" } ?? "")
  }

  private static func rpzOut(_ zone: RPZOutStatus) -> String {
    var text =
      "\(zone.name) serial \(zone.serial), \(grouped(zone.names)) names, "
      + "\(grouped(zone.records)) records"
    if let deleted = zone.deleted, let added = zone.added {
      text += ", last change -\(grouped(deleted)) +\(grouped(added))"
    }
    return zone.tooLong > 0 ? text + ", \(grouped(zone.tooLong)) names too long" : text
  }

  // MARK: Words and figures

  static func line(_ label: String, _ text: String) -> String {
    let padding = String(repeating: " ", count: max(0, 10 - label.count))
    return "\(label)\(padding)\(text)"
  }

  private static func counts(_ figures: [(String, Int)]) -> String {
    figures.map { "\($0.0) \(grouped($0.1))" }.joined(separator: ", ")
  }

  private static func wrapped(_ figures: [(String, Int)]) -> [String] {
    stride(from: 0, to: figures.count, by: 4).map { start in
      line("", counts(Array(figures[start..<min(start + 4, figures.count)])))
    }
  }

  /// `1234567` as `1,234,567`.
  static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = number < 0 ? "-" : ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// Octets with a binary unit and at most one decimal.
  static func bytes(_ octets: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var tenths = octets * 10
    var unit = 0
    while tenths >= 10_240, unit < units.count - 1 {
      tenths /= 1_024
      unit += 1
    }
    let fraction = unit == 0 || tenths >= 1_000 ? "" : ".\(tenths % 10)"
    return "\(grouped(tenths / 10))\(fraction) \(units[unit])"
  }

  /// Seconds in the two largest units that matter.
  static func duration(_ seconds: Int) -> String {
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24)
    let (minutes, rest) = (seconds / 60 % 60, seconds % 60)
    if days > 0 { return "\(days) d \(hours) h" }
    if hours > 0 { return "\(hours) h \(minutes) min" }
    return minutes > 0 ? "\(minutes) min \(rest) s" : "\(rest) s"
  }

  private static func instant(_ date: Date) -> String { date.formatted(.iso8601) }
}
