/// A resource record type or question type (RFC 6895 §3.1).
package struct RRType: RawRepresentable, Sendable, Hashable {
  /// The number.
  package let rawValue: UInt16
  /// Takes the number.
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// IPv4 address.
  package static let a = RRType(rawValue: 1)
  /// Name server.
  package static let ns = RRType(rawValue: 2)
  /// Alias.
  package static let cname = RRType(rawValue: 5)
  /// Start of authority.
  package static let soa = RRType(rawValue: 6)
  /// Pointer.
  package static let ptr = RRType(rawValue: 12)
  /// Host information.
  package static let hinfo = RRType(rawValue: 13)
  /// Mail exchange.
  package static let mx = RRType(rawValue: 15)
  /// Text.
  package static let txt = RRType(rawValue: 16)
  /// IPv6 address.
  package static let aaaa = RRType(rawValue: 28)
  /// Service location.
  package static let srv = RRType(rawValue: 33)
  /// Naming authority pointer.
  package static let naptr = RRType(rawValue: 35)
  /// Delegation of a subtree by name (RFC 6672).
  package static let dname = RRType(rawValue: 39)
  /// EDNS pseudo record (RFC 6891).
  package static let opt = RRType(rawValue: 41)
  /// Delegation signer.
  package static let ds = RRType(rawValue: 43)
  /// SSH fingerprint.
  package static let sshfp = RRType(rawValue: 44)
  /// DNSSEC signature.
  package static let rrsig = RRType(rawValue: 46)
  /// DNSSEC denial of existence.
  package static let nsec = RRType(rawValue: 47)
  /// DNSSEC key.
  package static let dnskey = RRType(rawValue: 48)
  /// Hashed denial of existence.
  package static let nsec3 = RRType(rawValue: 50)
  /// Parameters of hashed denial.
  package static let nsec3param = RRType(rawValue: 51)
  /// TLS certificate association.
  package static let tlsa = RRType(rawValue: 52)
  /// Service binding (RFC 9460).
  package static let svcb = RRType(rawValue: 64)
  /// HTTPS service binding (RFC 9460).
  package static let https = RRType(rawValue: 65)
  /// Transaction key (RFC 2930).
  package static let tkey = RRType(rawValue: 249)
  /// Transaction signature (RFC 8945).
  package static let tsig = RRType(rawValue: 250)
  /// Incremental zone transfer (RFC 1995).
  package static let ixfr = RRType(rawValue: 251)
  /// Zone transfer.
  package static let axfr = RRType(rawValue: 252)
  /// Mailbox records, obsolete.
  package static let mailb = RRType(rawValue: 253)
  /// Mail agents, obsolete.
  package static let maila = RRType(rawValue: 254)
  /// Any type (RFC 8482).
  package static let any = RRType(rawValue: 255)
  /// Certification authority authorisation.
  package static let caa = RRType(rawValue: 257)
}

/// A record class (RFC 6895 §3.2).
package struct RRClass: RawRepresentable, Sendable, Hashable {
  /// The number.
  package let rawValue: UInt16
  /// Takes the number.
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Internet.
  package static let internet = RRClass(rawValue: 1)
  /// CHAOS, used for questions about the server itself (RFC 4892).
  package static let chaos = RRClass(rawValue: 3)
  /// Any class.
  package static let any = RRClass(rawValue: 255)
}
