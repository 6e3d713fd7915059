/// A resource record type or question type (RFC 6895 §3.1).
package struct RRType: RawRepresentable, Sendable, Hashable {
  /// The number.
  package let rawValue: UInt16
  /// Takes the number.
  @inlinable package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Stated, so that other modules compare two integers instead of calling the generic operator.
  @inlinable package static func == (left: Self, right: Self) -> Bool {
    left.rawValue == right.rawValue
  }

  /// IPv4 address.
  @inlinable package static var a: RRType { RRType(rawValue: 1) }
  /// Name server.
  @inlinable package static var ns: RRType { RRType(rawValue: 2) }
  /// Alias.
  @inlinable package static var cname: RRType { RRType(rawValue: 5) }
  /// Start of authority.
  @inlinable package static var soa: RRType { RRType(rawValue: 6) }
  /// Pointer.
  @inlinable package static var ptr: RRType { RRType(rawValue: 12) }
  /// Host information.
  @inlinable package static var hinfo: RRType { RRType(rawValue: 13) }
  /// Mail exchange.
  @inlinable package static var mx: RRType { RRType(rawValue: 15) }
  /// Text.
  @inlinable package static var txt: RRType { RRType(rawValue: 16) }
  /// IPv6 address.
  @inlinable package static var aaaa: RRType { RRType(rawValue: 28) }
  /// Service location.
  @inlinable package static var srv: RRType { RRType(rawValue: 33) }
  /// Naming authority pointer.
  @inlinable package static var naptr: RRType { RRType(rawValue: 35) }
  /// Delegation of a subtree by name (RFC 6672).
  @inlinable package static var dname: RRType { RRType(rawValue: 39) }
  /// EDNS pseudo record (RFC 6891).
  @inlinable package static var opt: RRType { RRType(rawValue: 41) }
  /// Delegation signer.
  @inlinable package static var ds: RRType { RRType(rawValue: 43) }
  /// SSH fingerprint.
  @inlinable package static var sshfp: RRType { RRType(rawValue: 44) }
  /// DNSSEC signature.
  @inlinable package static var rrsig: RRType { RRType(rawValue: 46) }
  /// DNSSEC denial of existence.
  @inlinable package static var nsec: RRType { RRType(rawValue: 47) }
  /// DNSSEC key.
  @inlinable package static var dnskey: RRType { RRType(rawValue: 48) }
  /// Hashed denial of existence.
  @inlinable package static var nsec3: RRType { RRType(rawValue: 50) }
  /// Parameters of hashed denial.
  @inlinable package static var nsec3param: RRType { RRType(rawValue: 51) }
  /// TLS certificate association.
  @inlinable package static var tlsa: RRType { RRType(rawValue: 52) }
  /// Service binding (RFC 9460).
  @inlinable package static var svcb: RRType { RRType(rawValue: 64) }
  /// HTTPS service binding (RFC 9460).
  @inlinable package static var https: RRType { RRType(rawValue: 65) }
  /// Transaction key (RFC 2930).
  @inlinable package static var tkey: RRType { RRType(rawValue: 249) }
  /// Transaction signature (RFC 8945).
  @inlinable package static var tsig: RRType { RRType(rawValue: 250) }
  /// Incremental zone transfer (RFC 1995).
  @inlinable package static var ixfr: RRType { RRType(rawValue: 251) }
  /// Zone transfer.
  @inlinable package static var axfr: RRType { RRType(rawValue: 252) }
  /// Mailbox records, obsolete.
  @inlinable package static var mailb: RRType { RRType(rawValue: 253) }
  /// Mail agents, obsolete.
  @inlinable package static var maila: RRType { RRType(rawValue: 254) }
  /// Any type (RFC 8482).
  @inlinable package static var any: RRType { RRType(rawValue: 255) }
  /// Certification authority authorisation.
  @inlinable package static var caa: RRType { RRType(rawValue: 257) }
}

/// A record class (RFC 6895 §3.2).
package struct RRClass: RawRepresentable, Sendable, Hashable {
  /// The number.
  package let rawValue: UInt16
  /// Takes the number.
  @inlinable package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Stated, so that other modules compare two integers instead of calling the generic operator.
  @inlinable package static func == (left: Self, right: Self) -> Bool {
    left.rawValue == right.rawValue
  }

  /// Internet.
  @inlinable package static var internet: RRClass { RRClass(rawValue: 1) }
  /// CHAOS, used for questions about the server itself (RFC 4892).
  @inlinable package static var chaos: RRClass { RRClass(rawValue: 3) }
  /// Any class.
  @inlinable package static var any: RRClass { RRClass(rawValue: 255) }
}
