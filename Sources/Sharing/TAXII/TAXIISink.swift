package import Delivery
import Evidence
package import Exporters

/// Puts the STIX objects of records into a collection.
package final class TAXIISink: MessageSink {
  /// What goes into the collection.
  package enum Contents: Sendable {
    /// Everything about the infections.
    case infections
    /// The names alone, without who asked for them.
    case domains
  }

  private let store: TAXIIStore
  private let collection: String
  private let contents: Contents
  private let options: ExportOptions

  /// A collection of a store.
  package init(
    _ store: TAXIIStore, collection: String, _ contents: Contents, options: ExportOptions
  ) {
    self.store = store
    self.collection = collection
    self.contents = contents
    self.options = options
  }

  /// Adds the objects of all records, or of those before the first that fails.
  package func send(_ messages: [OutgoingMessage], now: Int64) -> SendOutcome {
    var options = options
    options.now = now
    for (number, message) in messages.enumerated() {
      do {
        switch contents {
        case .infections:
          try store.add(
            STIXObjects.objects(for: message.record, options: options), to: collection,
            source: message.sequence, now: now)
        case .domains:
          // A rehearsal must not make somebody block its names.
          guard !message.record.isTest, message.record.change != .withdrawn else { continue }
          try store.add(names(message.record, options), to: collection, source: nil, now: now)
        }
      } catch {
        return SendOutcome(accepted: number, failure: .unavailable("\(error)"))
      }
    }
    return SendOutcome(accepted: messages.count)
  }

  private func names(_ record: InfectionRecord, _ options: ExportOptions) -> [STIXObject] {
    var seen: Set<String> = []
    return record.lookups.filter { seen.insert($0.listedName).inserted }.flatMap { lookup in
      STIXObjects.objects(
        for: DomainRecord(
          name: lookup.listedName, family: record.family, variant: record.variant,
          seed: record.seed, kind: record.kind, validFrom: lookup.validFrom,
          validTo: lookup.validTo), options: options)
    }
  }
}
