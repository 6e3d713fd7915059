import ControlPlane
import Foundation

extension StatusMetrics {
  /// Figures of sinks.
  static func delivery(_ delivery: DeliveryStatus?) -> [MetricSample] {
    (delivery?.sinks ?? []).flatMap { sink in
      let label = MetricSample.Label("sink", sink.name)
      var samples = [
        MetricSample(
          "ponor_delivery_lag", .gauge, help: "Records a sink has not dealt with.",
          labels: [label], value: Double(sink.lag)),
        MetricSample(
          "ponor_delivery_delivered_total", .counter, help: "Records a receiver has taken.",
          labels: [label], value: Double(sink.delivered)),
        MetricSample(
          "ponor_delivery_failures_total", .counter, help: "Tries to deliver that failed.",
          labels: [label], value: Double(sink.failures)),
        MetricSample(
          "ponor_delivery_dead_letters", .gauge, help: "Records set aside.", labels: [label],
          value: Double(sink.deadLetters)),
        MetricSample(
          "ponor_delivery_failing", .gauge, help: "Whether the last try failed.",
          labels: [label], value: sink.problem == nil ? 0 : 1),
      ]
      if let date = sink.lastSuccess {
        samples.append(
          MetricSample(
            "ponor_delivery_last_success_timestamp_seconds", .gauge,
            help: "When a receiver last took something, seconds since 1970.", labels: [label],
            value: date.timeIntervalSince1970))
      }
      return samples
        + sink.skipped.sorted { $0.key < $1.key }.map { reason, count in
          MetricSample(
            "ponor_delivery_skipped_total", .counter, help: "Records left out, by reason.",
            labels: [label, .init("reason", reason)], value: Double(count))
        }
    }
  }
}
