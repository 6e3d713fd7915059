import ControlPlane
import Foundation

/// Zones, their transfers, generations and problems.
extension StatusMetrics {
  static func generations(_ count: Int) -> [MetricSample] {
    [.gauge("ponor_index_generations", "Generations of the index on disk.", Double(count))]
  }

  static func index(_ index: IndexStatus) -> [MetricSample] {
    var samples: [MetricSample] = [
      .gauge("ponor_index_families", "Families with a name in the index.", Double(index.families)),
      .gauge(
        "ponor_index_built_timestamp_seconds", "When the index was built, unix time.",
        index.built.timeIntervalSince1970),
      .gauge(
        "ponor_index_window_end_timestamp_seconds", "First instant its names do not cover.",
        index.windowTo.timeIntervalSince1970),
      .counter("ponor_index_builds_total", "Indexes built.", Double(index.builds ?? 0)),
      .counter(
        "ponor_index_build_failures_total", "Indexes that could not be built.",
        Double(index.failedBuilds ?? 0)),
    ]
    if let seconds = index.buildSeconds {
      samples.append(
        .gauge("ponor_index_build_duration_seconds", "Time the last build took.", seconds))
    }
    return samples
  }

  static func zones(_ status: ServerStatus) -> [MetricSample] {
    var samples: [MetricSample] = [
      .gauge(
        "ponor_warnings", "What an operator should look at, as `ponor status` says.",
        Double(status.warnings.count))
    ]
    for zone in status.zones {
      let label = [MetricSample.Label("zone", zone.name)]
      samples += [
        .gauge("ponor_zone_serial", "Serial of a zone.", Double(zone.serial), label),
        .gauge("ponor_zone_records", "Records of a zone.", Double(zone.records), label),
        .gauge(
          "ponor_zone_failing", "Whether a zone's file or primaries fail.",
          zone.error != nil || zone.secondary?.problems.isEmpty == false ? 1 : 0, label),
      ]
      guard let copy = zone.secondary else { continue }
      if let checked = copy.checked {
        samples.append(
          .gauge(
            "ponor_zone_checked_timestamp_seconds", "When a copy was last known to be current.",
            checked.timeIntervalSince1970, label))
      }
      if let expires = copy.expires {
        samples.append(
          .gauge(
            "ponor_zone_expires_timestamp_seconds", "When a copy expires.",
            expires.timeIntervalSince1970, label))
      }
    }
    for zone in status.rpz {
      let label = [MetricSample.Label("zone", zone.name)]
      samples.append(
        .gauge(
          "ponor_rpz_failing", "Whether a policy zone fails.", zone.error == nil ? 0 : 1, label))
      if let loaded = zone.loaded {
        samples.append(
          .gauge(
            "ponor_rpz_loaded_timestamp_seconds", "When a policy zone was loaded.",
            loaded.timeIntervalSince1970, label))
      }
    }
    for zone in status.rpzOut {
      let label = [MetricSample.Label("zone", zone.name)]
      samples += [
        .gauge("ponor_rpz_out_serial", "Serial of a zone made.", Double(zone.serial), label),
        .gauge("ponor_rpz_out_names", "Names in a zone made.", Double(zone.names), label),
      ]
    }
    return samples
  }
}
