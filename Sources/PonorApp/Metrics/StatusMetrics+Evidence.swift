import ControlPlane

/// How scoring does.
extension StatusMetrics {
  static func evidence(_ status: EvidenceStatus) -> [MetricSample] {
    var samples: [MetricSample] = [
      .counter("ponor_evidence_scored_total", "Hits scored.", Double(status.scored)),
      .gauge("ponor_evidence_pending", "Hits stored but not scored yet.", Double(status.pending)),
      .counter(
        "ponor_evidence_records_total", "Records of infections added to the feed.",
        Double(status.records)),
      .gauge(
        "ponor_evidence_quarantined_names", "Names in quarantine.", Double(status.quarantined)),
      .gauge(
        "ponor_evidence_failing", "Whether hits cannot be scored at present.",
        status.lastError == nil ? 0 : 1),
      .gauge(
        "ponor_evidence_attribution_failing",
        "Whether nobody answers at present which lines hits were.",
        status.attributionProblem == nil ? 0 : 1),
    ]
    samples += ["ambiguous", "unique", "unknown"].map { state in
      .counter(
        "ponor_evidence_attributed_total", "Hits whose line was asked for, by answer.",
        Double(status.attributed[state] ?? 0), [MetricSample.Label("state", state)])
    }
    samples += status.open.sorted { $0.key < $1.key }.map { gate, count in
      .gauge(
        "ponor_evidence_open_episodes", "Open episodes by gate.", Double(count),
        [MetricSample.Label("gate", gate)])
    }
    return samples
  }
}
