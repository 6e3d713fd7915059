import Addressing
package import Delivery
import DeliveryRules
import Evidence
import EvidenceStore
import Exporters
import Foundation
import Pseudonyms
package import Settings
import Sharing

/// Makes plans of the settings: one per sink, and some for what recipients fetch.
package enum DeliveryMapping {
  /// Why sinks cannot be set up.
  package struct Problem: Error, CustomStringConvertible {
    /// One sentence.
    package let description: String
  }

  /// Plans of all sinks.
  ///
  /// - Throws: `Problem` when something is wrong that a retry cannot mend.
  package static func plans(
    _ settings: Settings, now: @escaping @Sendable () -> Int64
  ) throws -> [SinkPlan] {
    let delivery = settings.delivery
    let files = [delivery.systemDatabase, delivery.placeDatabase].compactMap(\.self)
    let places = files.isEmpty ? nil : try AddressPlaces(files)
    let recipients = Dictionary(
      uniqueKeysWithValues: settings.recipients.map { ($0.name, recipient($0, settings)) })
    var plans: [SinkPlan] = []
    for sink in settings.exports {
      guard let recipient = recipients[sink.recipient] else { continue }
      let target = try SinkMaking(settings: settings, sink: sink, recipient: recipient, now: now)
        .target()
      plans.append(
        SinkPlan(
          name: sink.name, fingerprint: fingerprint(sink, settings), recipient: recipient,
          target: target))
    }
    plans += try FetchPlans(settings: settings, recipients: recipients, now: now).plans()
    let key =
      recipients.values.contains(where: \.seesPseudonyms)
      ? try PseudonymKey.load(PseudonymKey.path(dataDirectory: settings.dataDirectory)) : nil
    return plans.map { plan in
      var plan = plan
      plan.schedule = schedule(delivery)
      plan.backlog = delivery.backlog.inMicroseconds
      plan.settle = delivery.settle.inMicroseconds
      if let places { plan.enrich = { places.enrich($0) } }
      if let key, plan.recipient.seesPseudonyms {
        let pseudonyms = RecordPseudonyms(key: key, recipient: plan.recipient.name)
        plan.pseudonymise = { pseudonyms?.replacing($0) ?? $0 }
      }
      plan.noteTold = audit(plan, settings, now)
      return plan
    }
  }

  /// Whether anything is to be delivered.
  package static func isNeeded(_ settings: Settings) -> Bool {
    !settings.exports.isEmpty || settings.recipients.contains { $0.taxii || $0.reports }
  }

  /// What formats say about who reports.
  static func options(_ settings: Settings, _ recipient: Recipient) -> ExportOptions {
    var options = ExportOptions()
    options.organisation = settings.delivery.organisation
    options.domain = settings.delivery.domain
    options.contact = settings.delivery.contact
    options.fileTag = recipient.name
    options.withQuery = settings.delivery.withQuery
    options.includesSubscriber = recipient.seesSubscribers
    return options
  }

  private static func recipient(_ source: RecipientSource, _ settings: Settings) -> Recipient {
    var recipient = Recipient(name: source.name)
    recipient.prefixes = source.prefixes
    recipient.systems = Set(source.asns.compactMap { UInt32(exactly: $0) })
    if case .only(let families) = source.families { recipient.families = Set(families) }
    recipient.leastGate = InfectionRecord.Gate(rawValue: source.leastGate.rawValue) ?? .suspected
    recipient.ceiling = TrafficLight(source.tlp.rawValue) ?? .amber
    recipient.seesSubscribers = source.subscriber
    recipient.seesPseudonyms = source.pseudonyms
    recipient.isTest = source.test || settings.delivery.test
    return recipient
  }

  private static func schedule(_ delivery: Settings.Delivery) -> RetrySchedule {
    var schedule = RetrySchedule()
    schedule.first = delivery.retryFirst.inMicroseconds
    schedule.longest = max(schedule.first, delivery.retryLongest.inMicroseconds)
    schedule.giveUpAfter = delivery.giveUp.inMicroseconds
    return schedule
  }

  /// Notes who was told; nothing while there is no evidence.
  private static func audit(
    _ plan: SinkPlan, _ settings: Settings, _ now: @escaping @Sendable () -> Int64
  ) -> @Sendable (Int) -> Void {
    let trail = AuditTrail(settings)
    let (name, recipient) = (plan.name, plan.recipient.name)
    return { count in
      // The objects of a collection are told when they are fetched.
      guard !name.hasPrefix("taxii:"), !name.hasPrefix("reports:") else { return }
      trail.note(
        AuditEntry(
          time: now(), who: recipient, via: "delivery", action: "sent by sink \(name)",
          count: count))
    }
  }

  /// Text that changes with the settings of a sink.
  private static func fingerprint(_ sink: ExportSink, _ settings: Settings) -> String {
    let text =
      "\(sink.kind) \(sink.format) \(sink.url ?? "") \(sink.folder ?? "")"
      + " \(sink.queue ?? "") \(sink.user ?? "") \(sink.secret?.description ?? "")"
      + " \(sink.mailTo) \(sink.recipient)"
    return UUIDv5.text(text)
  }
}

extension Duration {
  /// Whole microseconds.
  var inMicroseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
