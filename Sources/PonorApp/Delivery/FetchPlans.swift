import Delivery
import DeliveryRules
import Evidence
import Exporters
import Settings
import Sharing

/// Plans of sinks nobody wrote down: they keep ready what recipients fetch.
struct FetchPlans {
  let settings: Settings
  let recipients: [String: Recipient]
  let now: @Sendable () -> Int64

  func plans() throws -> [SinkPlan] {
    var plans = reports()
    let readers = settings.recipients.filter(\.taxii)
    guard !readers.isEmpty else { return plans }
    let store = try TAXIIStore(path: "\(settings.dataDirectory)/\(TAXIIStore.fileName)")
    for reader in readers {
      guard let recipient = recipients[reader.name] else { continue }
      let options = DeliveryMapping.options(settings, recipient)
      plans.append(
        plan("taxii:\(reader.name)", recipient) {
          TAXIISink(
            store, collection: "infections:\(reader.name)", .infections, options: options)
        })
    }
    var everybody = Recipient(name: TAXIIStore.domains)
    everybody.ceiling = .red
    let options = DeliveryMapping.options(settings, everybody)
    plans.append(
      plan("taxii:\(TAXIIStore.domains)", everybody) {
        TAXIISink(store, collection: TAXIIStore.domains, .domains, options: options)
      })
    return plans
  }

  private func plan(
    _ name: String, _ recipient: Recipient, make: @escaping @Sendable () throws -> any MessageSink
  ) -> SinkPlan {
    SinkPlan(
      name: name, fingerprint: name, recipient: recipient, target: .messages(nil, make: make))
  }

  private func reports() -> [SinkPlan] {
    settings.recipients.filter(\.reports).flatMap { reader -> [SinkPlan] in
      guard let recipient = recipients[reader.name] else { return [] }
      let folder = ReportFolder.path(
        dataDirectory: settings.dataDirectory, recipient: reader.name)
      let options = DeliveryMapping.options(settings, recipient)
      let now = now
      return ReportFolder.formats.compactMap { name in
        guard let format = MessageFormat(named: name, options: options) else { return nil }
        return SinkPlan(
          name: "reports:\(reader.name):\(name)", fingerprint: name, recipient: recipient,
          target: .days {
            FileSink(folder: folder, tag: recipient.name, format: format, now: now)
          })
      }
    }
  }
}
