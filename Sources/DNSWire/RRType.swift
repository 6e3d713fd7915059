/// A resource record type or question type (RFC 6895 §3.1).
public struct RRType: RawRepresentable, Sendable, Hashable {
  /// The number.
  public let rawValue: UInt16
  /// Takes the number.
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Stated, so that other modules compare two integers instead of calling the generic operator.
  @inlinable public static func == (left: Self, right: Self) -> Bool {
    left.rawValue == right.rawValue
  }

  /// IPv4 address.
  @inlinable public static var a: RRType { RRType(rawValue: 1) }
  /// Name server.
  @inlinable public static var ns: RRType { RRType(rawValue: 2) }
  /// Alias.
  @inlinable public static var cname: RRType { RRType(rawValue: 5) }
  /// Start of authority.
  @inlinable public static var soa: RRType { RRType(rawValue: 6) }
  /// Pointer.
  @inlinable public static var ptr: RRType { RRType(rawValue: 12) }
  /// Host information.
  @inlinable public static var hinfo: RRType { RRType(rawValue: 13) }
  /// Mail exchange.
  @inlinable public static var mx: RRType { RRType(rawValue: 15) }
  /// Text.
  @inlinable public static var txt: RRType { RRType(rawValue: 16) }
  /// IPv6 address.
  @inlinable public static var aaaa: RRType { RRType(rawValue: 28) }
  /// Service location.
  @inlinable public static var srv: RRType { RRType(rawValue: 33) }
  /// Naming authority pointer.
  @inlinable public static var naptr: RRType { RRType(rawValue: 35) }
  /// Delegation of a subtree by name (RFC 6672).
  @inlinable public static var dname: RRType { RRType(rawValue: 39) }
  /// EDNS pseudo record (RFC 6891).
  @inlinable public static var opt: RRType { RRType(rawValue: 41) }
  /// Delegation signer.
  @inlinable public static var ds: RRType { RRType(rawValue: 43) }
  /// SSH fingerprint.
  @inlinable public static var sshfp: RRType { RRType(rawValue: 44) }
  /// DNSSEC signature.
  @inlinable public static var rrsig: RRType { RRType(rawValue: 46) }
  /// DNSSEC denial of existence.
  @inlinable public static var nsec: RRType { RRType(rawValue: 47) }
  /// DNSSEC key.
  @inlinable public static var dnskey: RRType { RRType(rawValue: 48) }
  /// Hashed denial of existence.
  @inlinable public static var nsec3: RRType { RRType(rawValue: 50) }
  /// Parameters of hashed denial.
  @inlinable public static var nsec3param: RRType { RRType(rawValue: 51) }
  /// TLS certificate association.
  @inlinable public static var tlsa: RRType { RRType(rawValue: 52) }
  /// Service binding (RFC 9460).
  @inlinable public static var svcb: RRType { RRType(rawValue: 64) }
  /// HTTPS service binding (RFC 9460).
  @inlinable public static var https: RRType { RRType(rawValue: 65) }
  /// Transaction key (RFC 2930).
  @inlinable public static var tkey: RRType { RRType(rawValue: 249) }
  /// Transaction signature (RFC 8945).
  @inlinable public static var tsig: RRType { RRType(rawValue: 250) }
  /// Incremental zone transfer (RFC 1995).
  @inlinable public static var ixfr: RRType { RRType(rawValue: 251) }
  /// Zone transfer.
  @inlinable public static var axfr: RRType { RRType(rawValue: 252) }
  /// Mailbox records, obsolete.
  @inlinable public static var mailb: RRType { RRType(rawValue: 253) }
  /// Mail agents, obsolete.
  @inlinable public static var maila: RRType { RRType(rawValue: 254) }
  /// Any type (RFC 8482).
  @inlinable public static var any: RRType { RRType(rawValue: 255) }
  /// Certification authority authorisation.
  @inlinable public static var caa: RRType { RRType(rawValue: 257) }
}

/// A record class (RFC 6895 §3.2).
public struct RRClass: RawRepresentable, Sendable, Hashable {
  /// The number.
  public let rawValue: UInt16
  /// Takes the number.
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Stated, so that other modules compare two integers instead of calling the generic operator.
  @inlinable public static func == (left: Self, right: Self) -> Bool {
    left.rawValue == right.rawValue
  }

  /// Internet.
  @inlinable public static var internet: RRClass { RRClass(rawValue: 1) }
  /// CHAOS, used for questions about the server itself (RFC 4892).
  @inlinable public static var chaos: RRClass { RRClass(rawValue: 3) }
  /// Any class.
  @inlinable public static var any: RRClass { RRClass(rawValue: 255) }
}
