import ControlPlane

/// The status as Prometheus samples; names are declared here and nowhere else.
enum StatusMetrics {
  static func samples(_ status: ServerStatus) -> [MetricSample] {
    let kinds = status.queries.byKind
    let byKind: [(String, Int)] = [
      ("sinkholed", kinds.sinkholed), ("nxdomain", kinds.nxdomain), ("observed", kinds.observed),
      ("colliding", kinds.colliding), ("cache_hit", kinds.cacheHit), ("recursed", kinds.recursed),
      ("authoritative", kinds.authoritative), ("special", kinds.special),
      ("refused", kinds.refused), ("formerr", kinds.formerr), ("notimp", kinds.notimp),
      ("dropped", kinds.dropped),
    ]
    var samples = byKind.map { kind, value in
      counter(
        "ponor_queries_total", "Queries by what became of them.", value, [.init("kind", kind)])
    }
    samples += [("udp", status.queries.udp), ("tcp", status.queries.tcp)].map { transport, value in
      counter(
        "ponor_queries_received_total", "Queries by transport.", value,
        [.init("transport", transport)])
    }
    samples += [
      counter("ponor_hits_appended_total", "Hits written to the rings.", status.hits.appended),
      counter(
        "ponor_hits_dropped_total", "Hits lost because a ring was full.", status.hits.dropped),
      gauge("ponor_hits_pending", "Hits not stored yet.", status.hits.pending),
      gauge("ponor_cache_entries", "Answers in the cache.", status.cache.entries),
      gauge("ponor_recursion_in_flight", "Questions being resolved.", status.recursion.inFlight),
      counter(
        "ponor_recursion_servfail_total", "Resolutions that failed.", status.recursion.servfail),
      gauge("ponor_tcp_connections", "Open TCP connections.", status.tcp.open),
    ]
    if let index = status.index {
      samples += [
        gauge("ponor_index_names", "Names in the index.", index.names),
        gauge("ponor_index_age_seconds", "Age of the index.", index.ageSeconds),
        gauge("ponor_index_bytes", "Size of the index.", index.bytes),
      ]
    }
    return samples
  }

  private static func counter(
    _ name: String, _ help: String, _ value: Int, _ labels: [MetricSample.Label] = []
  ) -> MetricSample {
    MetricSample(name, .counter, help: help, labels: labels, value: Double(value))
  }

  private static func gauge(_ name: String, _ help: String, _ value: Int) -> MetricSample {
    MetricSample(name, .gauge, help: help, labels: [], value: Double(value))
  }
}
