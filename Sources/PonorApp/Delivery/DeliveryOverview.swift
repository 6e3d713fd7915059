package import ControlPlane
import DNSServer
import Delivery
import Evidence
import Foundation
package import Settings

/// Where sinks stand, read from the files of the delivering process.
package enum DeliveryOverview {
  /// All sinks that are configured; empty while nothing was ever delivered.
  package static func sinks(_ settings: Settings, feed: String? = nil) -> [SinkStatus] {
    let path = "\(settings.dataDirectory)/\(DeliveryStore.fileName)"
    guard let store = try? DeliveryStore.reader(path: path) else { return [] }
    let open = try? FeedAccess.open(settings, file: feed, now: UTCClock.microseconds())
    let newest = (try? open?.newestSequence()) ?? 0
    guard let report = try? DeliveryReport(store, newest: newest) else { return [] }
    let known = Set(settings.exports.map(\.name))
    let fetching = Set(settings.recipients.filter { $0.taxii || $0.reports }.map(\.name))
    return report.sinks.filter { sink in
      let parts = sink.name.split(separator: ":")
      return parts.count == 1
        ? known.contains(sink.name)
        : fetching.contains(String(parts[1])) || (parts[1] == "domains" && !fetching.isEmpty)
    }.map(status)
  }

  private static func status(_ sink: DeliveryReport.Sink) -> SinkStatus {
    var status = SinkStatus(name: sink.name, lag: Int(clamping: sink.lag))
    status.delivered = sink.delivered
    status.failures = sink.failures
    status.deadLetters = sink.deadLetters
    status.skipped = sink.skipped
    status.lastSuccess = sink.lastSuccess.map {
      Date(timeIntervalSince1970: Double($0) / 1_000_000)
    }
    status.problem = sink.problem
    status.isDisabled = sink.isDisabled
    return status
  }
}
