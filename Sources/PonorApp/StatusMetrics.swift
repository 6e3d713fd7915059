import ControlPlane
import QueryPath

/// The status as Prometheus samples; names are declared here and nowhere else.
enum StatusMetrics {
  static func samples(_ status: ServerStatus) -> [MetricSample] {
    let kinds = status.queries.byKind
    let byKind: [(String, Int)] = [
      ("sinkholed", kinds.sinkholed), ("nxdomain", kinds.nxdomain), ("observed", kinds.observed),
      ("colliding", kinds.colliding), ("cache_hit", kinds.cacheHit), ("recursed", kinds.recursed),
      ("authoritative", kinds.authoritative), ("special", kinds.special),
      ("refused", kinds.refused), ("formerr", kinds.formerr), ("notimp", kinds.notimp),
      ("dropped", kinds.dropped), ("challenged", kinds.challenged), ("policy", kinds.policy),
    ]
    var samples = byKind.map { kind, value in
      counter(
        "ponor_queries_total", "Queries by what became of them.", value, [.init("kind", kind)])
    }
    let byTransport: [(String, Int)] = [
      ("udp", status.queries.udp), ("tcp", status.queries.tcp), ("dot", status.queries.dot),
      ("doh", status.queries.doh),
    ]
    samples += byTransport.map { transport, value in
      counter(
        "ponor_queries_received_total", "Queries by transport.", value,
        [.init("transport", transport)])
    }
    samples += LimitCounters.Reason.allCases.map { reason in
      counter(
        "ponor_limited_total", "Queries and responses held back or challenged, by reason.",
        status.limits[reason.name] ?? 0, [.init("reason", reason.name)])
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
      counter("ponor_tls_handshakes_total", "TLS handshakes done.", status.tcp.handshakes),
      counter(
        "ponor_tls_handshake_failures_total", "Connections that ended before their TLS handshake.",
        status.tcp.failedHandshakes),
      counter(
        "ponor_doh_refused_requests_total", "HTTP requests refused.", status.tcp.refusedRequests),
    ]
    if let index = status.index {
      samples += [
        gauge("ponor_index_names", "Names in the index.", index.names),
        gauge("ponor_index_age_seconds", "Age of the index.", index.ageSeconds),
        gauge("ponor_index_size_bytes", "Size of the index.", index.bytes),
      ]
      samples += Self.index(index)
    }
    if let dnstap = status.dnstap {
      samples += [
        counter("ponor_dnstap_sent_total", "Messages sent by dnstap.", dnstap.sent),
        counter(
          "ponor_dnstap_dropped_total", "Messages lost because their reader was slow or away.",
          dnstap.dropped),
      ]
    }
    samples += status.evidence.map(evidence) ?? []
    return samples + zones(status) + policyZones(status.rpz) + delivery(status.delivery)
  }

  private static func policyZones(_ zones: [PolicyZoneStatus]) -> [MetricSample] {
    zones.flatMap { zone in
      let name = MetricSample.Label("zone", zone.name)
      let rules = MetricSample(
        "ponor_rpz_rules", .gauge, help: "Rules of a response policy zone.", labels: [name],
        value: Double(zone.rules))
      let matches = zone.matches.sorted { $0.key < $1.key }.map { action, count in
        counter(
          "ponor_rpz_matches_total", "Matches of response policy zones by action.", count,
          [name, .init("action", action)])
      }
      let skipped = zone.skipped.sorted { $0.key < $1.key }.map { reason, count in
        MetricSample(
          "ponor_rpz_skipped_records", .gauge,
          help: "Records of a response policy zone left out, by reason.",
          labels: [name, .init("reason", reason)], value: Double(count))
      }
      return [rules] + matches + skipped
    }
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
