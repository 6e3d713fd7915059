import Addressing
import DNSWire
import Policy
import RPZOut
import Settings

/// Turns settings of a policy zone into what `RPZOut` takes.
extension RPZOutZone {
  /// The zone's name; nil for one that is none in DNS, which the settings do not let through.
  var apex: Name? { try? Name(name) }

  /// Which names it holds.
  func selection(_ settings: Settings) -> PolicySelection {
    var selection = PolicySelection(actions: settings.actionTable)
    if case .only(let families) = families { selection.families = Set(families) }
    return selection
  }

  /// How it is written.
  func form(_ settings: Settings) -> PolicyZoneForm? {
    guard let apex, let server = try? Name(nameserver) else { return nil }
    let mail = contact ?? settings.sinkhole.contact
    let mailbox = mail.flatMap(Settings.mailboxName) ?? (try? Name("hostmaster.\(nameserver)"))
    guard let mailbox else { return nil }
    var form = PolicyZoneForm(apex: apex, nameserver: server, contact: mailbox)
    form.ttl = ttl
    form.coversSubdomains = wildcard
    form.refresh = UInt32(clamping: refresh.components.seconds)
    form.retry = form.refresh
    form.listsObserved = observed == .passthru
    (form.nxdomain, form.sinkhole) = rules(settings)
    return form
  }

  private typealias Rules = [PolicyZoneForm.Rule]

  private func rules(_ settings: Settings) -> (nxdomain: Rules, sinkhole: Rules) {
    let addresses = Self.addresses(settings)
    switch action {
    case .policy: return ([.nxdomain], addresses)
    case .sinkhole: return (addresses, addresses)
    case .nxdomain: return ([.nxdomain], [.nxdomain])
    case .nodata: return ([.nodata], [.nodata])
    case .drop: return ([.drop], [.drop])
    case .tcpOnly: return ([.tcpOnly], [.tcpOnly])
    case .passthru: return ([.passthru], [.passthru])
    case .cname:
      let alias = target.flatMap { try? Name($0) }.map { PolicyZoneForm.Rule.alias($0) }
      return ([alias ?? .nxdomain], [alias ?? .nxdomain])
    }
  }

  /// The sinkhole's addresses; without any, a listed name has no data, as in Ponor's own answers.
  private static func addresses(_ settings: Settings) -> Rules {
    let rules =
      settings.sinkhole.ipv4.map { PolicyZoneForm.Rule(type: .a, rdata: $0.octets) }
      + settings.sinkhole.ipv6.map { PolicyZoneForm.Rule(type: .aaaa, rdata: $0.octets) }
    return rules.isEmpty ? [.nodata] : rules
  }
}
