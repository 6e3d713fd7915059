import Addressing
import DNSServer
import DNSWire
import Transfers
import ZoneRecords

/// Questions a secondary asks about a policy zone before it transfers it.
extension QueryPipeline {
  /// Answers a question for a name in a policy zone; nil when it is in none.
  ///
  /// Its rules are for resolvers to apply, not to be asked for, and who may not transfer the zone
  /// does not learn that it exists.
  func answerFromOfferedZone(
    _ packet: Span<UInt8>, _ reply: inout WireWriter
  ) -> HandlerOutcome? {
    guard let match = state.offered.find(request.qname) else { return nil }
    guard match.isApex,
      match.zone.access.allows(client.remote.address, key: signer?.key.name)
    else {
      counters.count(.refused)
      return refuse(.refused, .prohibited, packet, &reply)
    }
    guard let content = match.zone.source.current() else {
      counters.count(.failed)
      return refuse(.serverFailure, .notReady, packet, &reply)
    }
    counters.count(.authoritative)
    let limit = begin(packet, &reply)
    var traits = ReplyTraits()
    traits.isAuthoritative = true
    switch request.qtype {
    case .soa:
      content.soa.append(to: &reply)
      traits.counts.answer = 1
    case .ns:
      traits.counts.answer = appendNameServers(of: content, &reply)
    default:
      content.soa.append(to: &reply)
      traits.counts.authority = 1
    }
    return finish(traits, limit, &reply)
  }

  /// The NS records are the first ones after the SOA record.
  private func appendNameServers(
    of content: any ZoneContent, _ reply: inout WireWriter
  ) -> UInt16 {
    guard var cursor = try? content.makeCursor() else { return 0 }
    var record = ZoneRecord()
    var count: UInt16 = 0
    while (try? cursor.next(&record)) == true, record.type == .ns {
      record.append(to: &reply)
      count += 1
    }
    return count
  }
}
