import AnswerCache
import ControlPlane
import DNSServer
import Foundation
import HitLog
import QueryPath
import Recursion

/// Figures of the DNS half that the status does not show.
enum ServingMetrics {
  static func samples(_ parts: ServerParts, started: Date) -> [MetricSample] {
    responses(parts) + hits(parts) + cache(parts) + recursion(parts) + hitLog(parts.hits.statistics)
      + connections(parts.tcp.statistics) + ProcessMetrics.samples(started: started)
  }

  private static func responses(_ parts: ServerParts) -> [MetricSample] {
    var sums: [ResponseCounters.Figure: UInt64] = [:]
    for counters in parts.slots.all { counters.responses.add(to: &sums) }
    return sums.sorted { "\($0.key)" < "\($1.key)" }.map { figure, count in
      .counter(
        "ponor_responses_total", "Responses by transport, type asked for and response code.",
        Double(count),
        [
          .init("transport", figure.transport), .init("type", figure.type),
          .init("rcode", figure.rcode),
        ])
    }
  }

  private static func hits(_ parts: ServerParts) -> [MetricSample] {
    var sums: [HitCounters.Figure: UInt64] = [:]
    for counters in parts.slots.all { counters.hits.add(to: &sums) }
    return sums.sorted { "\($0.key)" < "\($1.key)" }.map { figure, count in
      .counter(
        "ponor_hits_total", "Lookups of listed names by family and action.", Double(count),
        [.init("family", figure.family), .init("action", figure.action)])
    }
  }

  private static func cache(_ parts: ServerParts) -> [MetricSample] {
    let figures: [(String, String, QueryCounters.Kind)] = [
      ("ponor_cache_hits_total", "Queries answered out of the cache.", .cacheHit),
      ("ponor_cache_misses_total", "Queries that the cache had no answer to.", .cacheMiss),
      ("ponor_cache_stale_answers_total", "Answers given past their time.", .stale),
      (
        "ponor_cache_refreshes_total", "Answers asked for again before they ended.", .refreshed
      ),
    ]
    return figures.map { name, help, kind in
      .counter(name, help, Double(parts.count(kind)))
    } + [
      .gauge("ponor_cache_size_bytes", "Memory set aside for answers.", Double(parts.cache.memory))
    ]
  }

  private static func recursion(_ parts: ServerParts) -> [MetricSample] {
    guard let recursor = parts.recursor else { return [] }
    let total = recursor.statistics
    let name = "ponor_recursion_duration_seconds"
    let help = "How long recursion took for questions that clients waited for."
    let latency = recursor.latency.snapshot
    var samples = latency.buckets.map { bound, count in
      MetricSample.histogram(name, help, "_bucket", Double(count), le: "\(bound)")
    }
    samples += [
      .histogram(name, help, "_bucket", Double(latency.count), le: "+Inf"),
      .histogram(name, help, "_sum", latency.sum),
      .histogram(name, help, "_count", Double(latency.count)),
      .counter(
        "ponor_recursion_timeouts_total", "Questions that recursion had no answer to in time.",
        Double(total.timedOut)),
      .counter(
        "ponor_recursion_refused_total", "Questions refused because too many were under way.",
        Double(total.refused)),
    ]
    let validation: [(String, UInt64)] = [
      ("secure", total.secure), ("insecure", total.insecure), ("bogus", total.bogus),
      ("failed", total.failed),
    ]
    return samples
      + validation.map { result, count in
        .counter(
          "ponor_recursion_answers_total", "Answers of recursion by result of validation.",
          Double(count), [.init("validation", result)])
      }
  }

  private static func hitLog(_ log: HitLogStatistics) -> [MetricSample] {
    let now = UTCClock.microseconds()
    let lag = log.waiting == 0 ? 0 : log.lastStored.map { Double(max(0, now - $0)) / 1e6 } ?? 0
    return [
      .counter("ponor_hits_stored_total", "Rows of hits stored.", Double(log.storedRows)),
      .counter("ponor_hits_folded_total", "Hits counted into a row of others.", Double(log.folded)),
      .counter(
        "ponor_hits_lost_total", "Hits of an earlier process that could not be read.",
        Double(log.lost)),
      .gauge("ponor_hits_held", "Hits in memory because they cannot be stored.", Double(log.held)),
      .gauge("ponor_hit_ring_fill_ratio", "How full the fullest ring is.", log.ringFill),
      .gauge(
        "ponor_hits_lag_seconds", "Time since hits were stored, 0 when none waits.", lag),
      .gauge(
        "ponor_hits_failing", "Whether hits cannot be stored at present.",
        log.lastError == nil ? 0 : 1),
    ]
  }

  private static func connections(_ tcp: TCPStatistics) -> [MetricSample] {
    let reasons: [(String, Int)] = [
      ("total", tcp.refusedTotal), ("per_client", tcp.refusedPerClient),
      ("handshakes", tcp.refusedHandshakes),
    ]
    let transports: [(name: String, accepted: Int, open: Int)] = [
      (
        "tcp", tcp.accepted - tcp.acceptedDoT - tcp.acceptedDoH,
        tcp.open - tcp.openDoT - tcp.openDoH
      ),
      ("dot", tcp.acceptedDoT, tcp.openDoT), ("doh", tcp.acceptedDoH, tcp.openDoH),
    ]
    let accepted = transports.map { transport in
      MetricSample.counter(
        "ponor_connections_accepted_total", "Connections accepted, by transport.",
        Double(transport.accepted), [.init("transport", transport.name)])
    }
    let open = transports.map { transport in
      MetricSample.gauge(
        "ponor_connections_open", "Connections open now, by transport.", Double(transport.open),
        [.init("transport", transport.name)])
    }
    return accepted + open
      + reasons.map { limit, count in
        .counter(
          "ponor_connections_refused_total", "Connections refused, by the limit that did it.",
          Double(count), [.init("limit", limit)])
      } + [
        .counter(
          "ponor_connections_timed_out_total", "Connections closed for a time limit.",
          Double(tcp.timeouts)),
        .counter(
          "ponor_connections_malformed_total", "Connections closed for wrong framing.",
          Double(tcp.malformed)),
      ]
  }
}

extension MetricSample {
  static func counter(
    _ name: String, _ help: String, _ value: Double, _ labels: [Label] = []
  ) -> MetricSample {
    MetricSample(name, .counter, help: help, labels: labels, value: value)
  }

  static func gauge(
    _ name: String, _ help: String, _ value: Double, _ labels: [Label] = []
  ) -> MetricSample {
    MetricSample(name, .gauge, help: help, labels: labels, value: value)
  }

  /// A series of a histogram.
  static func histogram(
    _ name: String, _ help: String, _ suffix: String, _ value: Double, le bound: String? = nil
  ) -> MetricSample {
    var sample = MetricSample(
      name, .histogram, help: help, labels: bound.map { [Label("le", $0)] } ?? [], value: value)
    sample.suffix = suffix
    return sample
  }
}
