package import Addressing
package import DNSWire
import Synchronization

/// Takes notifications (RFC 1996) on query threads and hands the names of good ones on.
package final class NotifyGate: Sendable {
  private struct Senders {
    var addresses: [IPAddress]
    var prefixes: [IPPrefix]
    var key: Name?
  }

  /// Names waiting to be looked at; more than that are dropped, the next refresh finds the rest.
  private static let waiting = 1_024

  private let senders: Mutex<[Name: Senders]> = Mutex([:])
  let notifications: AsyncStream<Name>
  private let continuation: AsyncStream<Name>.Continuation

  /// Lets nobody in yet.
  package init() {
    (notifications, continuation) = AsyncStream.makeStream(
      bufferingPolicy: .bufferingOldest(Self.waiting))
  }

  func setZones(_ zones: [SecondaryZone]) {
    let table = Dictionary(
      zones.map { zone in
        let senders = Senders(
          addresses: zone.primaries.map(\.endpoint.address), prefixes: zone.notifySources,
          key: zone.key?.name)
        return (zone.apex, senders)
      }
    ) { first, _ in first }
    senders.withLock { $0 = table }
  }

  /// Takes a notification.
  ///
  /// - Parameter key: name of the key that signed it, nil for none.
  /// - Returns: the response code of the answer: NOTAUTH for zones that are no secondaries here
  ///   (RFC 1996 §3.10), REFUSED for senders that are not listed or have not signed.
  package func take(_ apex: Name, from address: IPAddress, key: Name?) -> ResponseCode {
    guard let senders = senders.withLock({ $0[apex] }) else { return .notAuthoritative }
    let isKnown =
      senders.addresses.contains(address) || senders.prefixes.contains { $0.contains(address) }
    guard isKnown, senders.key == nil || senders.key == key else { return .refused }
    continuation.yield(apex)
    return .noError
  }
}

extension ResponseCode {
  /// Not authoritative, or not authorised (RFC 2136 §2.2, RFC 8945 §3).
  package static let notAuthoritative = ResponseCode(rawValue: 9)
}
