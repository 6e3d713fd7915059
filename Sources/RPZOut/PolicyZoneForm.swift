package import DNSWire
package import ZoneRecords

/// What a policy zone says about a listed name.
package enum Listing: UInt8, Sendable, CaseIterable {
  /// Resolve it as usual, although a name above it is listed.
  case passthru = 1
  /// It is one that Ponor answers with NXDOMAIN.
  case nxdomain = 2
  /// It is one that Ponor answers with the sinkhole's addresses.
  case sinkhole = 3
}

/// How a policy zone is written: everything in it but the names and the serial number.
package struct PolicyZoneForm: Sendable, Equatable {
  /// A record that stands at the owner of a rule.
  package struct Rule: Sendable, Hashable {
    /// The type.
    package var type: RRType
    /// The data.
    package var rdata: [UInt8]

    /// Makes a rule's record.
    package init(type: RRType, rdata: [UInt8]) {
      self.type = type
      self.rdata = rdata
    }
  }

  /// Name of the zone.
  package var apex: Name
  /// TTL of all records, seconds; a resolver gives it to its clients.
  package var ttl: UInt32 = 60
  /// Whether names below a listed one are listed too, by a wildcard.
  package var coversSubdomains = true
  /// Name server in the SOA and NS records.
  package var nameserver: Name
  /// Mailbox of the operator, as a name.
  package var contact: Name
  /// Seconds between two looks of a secondary that gets no NOTIFY.
  package var refresh: UInt32 = 60
  /// Seconds until it tries again after a failure.
  package var retry: UInt32 = 60
  /// Seconds after which it stops using the zone without having reached us.
  package var expire: UInt32 = 604_800
  /// The records of names Ponor answers with NXDOMAIN.
  package var nxdomain: [Rule] = [.nxdomain]
  /// The records of names Ponor sinkholes.
  package var sinkhole: [Rule] = []
  /// Whether names that Ponor only observes are listed, with PASSTHRU.
  package var listsObserved = false

  /// A form with the defaults.
  package init(apex: Name, nameserver: Name, contact: Name) {
    self.apex = apex
    self.nameserver = nameserver
    self.contact = contact
  }

  /// The records of a listing.
  func rules(_ listing: Listing) -> [Rule] {
    switch listing {
    case .passthru: [.passthru]
    case .nxdomain: nxdomain
    case .sinkhole: sinkhole
    }
  }

  /// The SOA record of the version `serial`.
  package func soa(serial: UInt32) -> ZoneRecord {
    var rdata = nameserver.wire + contact.wire
    for number in [serial, refresh, retry, expire, ttl] {
      for shift in stride(from: UInt32(24), through: 0, by: -8) {
        rdata.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    return ZoneRecord(owner: apex.wire, type: .soa, ttl: ttl, rdata: rdata)
  }

  /// The NS record; required in a zone although nobody follows it in a policy zone.
  package var ns: ZoneRecord {
    ZoneRecord(owner: apex.wire, type: .ns, ttl: ttl, rdata: nameserver.wire)
  }

  /// Differs when two forms do; kept with versions, so that differences are only made of versions of
  /// one form.
  package var fingerprint: String {
    let key = SipHash.Key(low: 0x506f_6e6f_7220_7270, high: 0x7a20_666f_726d_2031)
    let hash = SipHash.hash(Array("\(self)".utf8).span, key: key)
    return String(hash.low, radix: 16) + "." + String(hash.high, radix: 16)
  }
}

/// The actions of response policy zones (draft-vixie-dnsop-dns-rpz §3).
extension PolicyZoneForm.Rule {
  /// The name does not exist (§3.1).
  package static let nxdomain = alias(.root)
  /// The name has no data (§3.2).
  package static let nodata = special([1, 0x2A, 0])
  /// No policy (§3.3).
  package static let passthru = special([12] + Array("rpz-passthru".utf8) + [0])
  /// No answer (§3.4).
  package static let drop = special([8] + Array("rpz-drop".utf8) + [0])
  /// An empty answer with TC, so that the client asks over TCP (§3.5).
  package static let tcpOnly = special([12] + Array("rpz-tcp-only".utf8) + [0])

  /// The answer is an alias of `target` (§3.6).
  package static func alias(_ target: Name) -> Self { special(target.wire) }

  private static func special(_ wire: [UInt8]) -> Self { Self(type: .cname, rdata: wire) }
}
