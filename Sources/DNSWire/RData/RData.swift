/// The data of a resource record, typed where Ponor knows the type.
///
/// To add a type: a struct with `RDataFormat` in a file beside this one, a case here, and a line in
/// `type`, `format` and `init(type:reading:)`; names in its rdata also need one in `RDataLayout`.
public enum RData: Sendable, Hashable, CustomStringConvertible {
  /// An IPv4 address.
  case a(UInt32)
  /// An IPv6 address in 16 octets.
  case aaaa([UInt8])
  /// A name server.
  case ns(Name)
  /// The canonical name.
  case cname(Name)
  /// A pointer to a name.
  case ptr(Name)
  /// The name that replaces the owner in all names below it.
  case dname(Name)
  /// Start of authority.
  case soa(SOA)
  /// Host information.
  case hinfo(HINFO)
  /// Mail exchange.
  case mx(MX)
  /// Text.
  case txt(TXT)
  /// Service location.
  case srv(SRV)
  /// Naming authority pointer.
  case naptr(NAPTR)
  /// Delegation signer.
  case ds(DS)
  /// SSH fingerprint.
  case sshfp(SSHFP)
  /// Signature.
  case rrsig(RRSIG)
  /// Denial of existence.
  case nsec(NSEC)
  /// Zone key.
  case dnskey(DNSKEY)
  /// Hashed denial of existence.
  case nsec3(NSEC3)
  /// Parameters of hashed denial.
  case nsec3param(NSEC3PARAM)
  /// TLS certificate association.
  case tlsa(TLSA)
  /// Service binding.
  case svcb(ServiceBinding)
  /// HTTPS service binding.
  case https(ServiceBinding)
  /// Certification authority authorisation.
  case caa(CAA)
  /// Anything else, octets as they are but for names, which stand in full (RFC 3597).
  case unknown(RRType, [UInt8])

  /// The type of the record.
  public var type: RRType {
    switch self {
    case .a: .a
    case .aaaa: .aaaa
    case .ns: .ns
    case .cname: .cname
    case .ptr: .ptr
    case .dname: .dname
    case .soa: .soa
    case .hinfo: .hinfo
    case .mx: .mx
    case .txt: .txt
    case .srv: .srv
    case .naptr: .naptr
    case .ds: .ds
    case .sshfp: .sshfp
    case .rrsig: .rrsig
    case .nsec: .nsec
    case .dnskey: .dnskey
    case .nsec3: .nsec3
    case .nsec3param: .nsec3param
    case .tlsa: .tlsa
    case .svcb: .svcb
    case .https: .https
    case .caa: .caa
    case .unknown(let type, _): type
    }
  }

  /// The fields in wire order; nil for data that has none Ponor knows.
  private var fields: [RDataField]? {
    switch self {
    case .a(let bits): [.ipv4(bits)]
    case .aaaa(let octets): [.ipv6(octets)]
    case .ns(let name), .cname(let name), .ptr(let name): [.compressibleName(name)]
    case .dname(let name): [.name(name)]
    case .unknown: nil
    default: format?.fields
    }
  }

  private var format: (any RDataFormat)? {
    switch self {
    case .soa(let data): data
    case .hinfo(let data): data
    case .mx(let data): data
    case .txt(let data): data
    case .srv(let data): data
    case .naptr(let data): data
    case .ds(let data): data
    case .sshfp(let data): data
    case .rrsig(let data): data
    case .nsec(let data): data
    case .dnskey(let data): data
    case .nsec3(let data): data
    case .nsec3param(let data): data
    case .tlsa(let data): data
    case .svcb(let data), .https(let data): data
    case .caa(let data): data
    case .a, .aaaa, .ns, .cname, .ptr, .dname, .unknown: nil
    }
  }

  /// Reads rdata of `type`; `reader` ends with it, and compressed names may point before it.
  ///
  /// - Throws: `WireError` if the data does not have the form of its type, or is longer.
  public init(type: RRType, reading reader: inout WireReader) throws(WireError) {
    switch type {
    case .a: self = .a(try reader.readUInt32())
    case .aaaa: self = .aaaa(try reader.readBytes(16))
    case .ns: self = .ns(try reader.readName())
    case .cname: self = .cname(try reader.readName())
    case .ptr: self = .ptr(try reader.readName())
    case .dname: self = .dname(try reader.readName())
    case .soa: self = .soa(try SOA(reading: &reader))
    case .hinfo: self = .hinfo(try HINFO(reading: &reader))
    case .mx: self = .mx(try MX(reading: &reader))
    case .txt: self = .txt(try TXT(reading: &reader))
    case .srv: self = .srv(try SRV(reading: &reader))
    case .naptr: self = .naptr(try NAPTR(reading: &reader))
    case .ds: self = .ds(try DS(reading: &reader))
    case .sshfp: self = .sshfp(try SSHFP(reading: &reader))
    case .rrsig: self = .rrsig(try RRSIG(reading: &reader))
    case .nsec: self = .nsec(try NSEC(reading: &reader))
    case .dnskey: self = .dnskey(try DNSKEY(reading: &reader))
    case .nsec3: self = .nsec3(try NSEC3(reading: &reader))
    case .nsec3param: self = .nsec3param(try NSEC3PARAM(reading: &reader))
    case .tlsa: self = .tlsa(try TLSA(reading: &reader))
    case .svcb: self = .svcb(try ServiceBinding(reading: &reader))
    case .https: self = .https(try ServiceBinding(reading: &reader))
    case .caa: self = .caa(try CAA(reading: &reader))
    default:
      // Old types such as MINFO or RP may hold compressed names (RFC 3597 §4): kept in full.
      var octets = CompressingWriter()
      try RDataLayout.copy(type, from: &reader, to: &octets, compress: false)
      self = .unknown(type, octets.octets)
    }
    guard reader.remaining == 0 else { throw WireError(.trailingOctets, at: reader.offset) }
  }

  /// Appends the wire form, without its length.
  public func write(to writer: inout CompressingWriter) {
    if case .unknown(_, let octets) = self { writer.append(octets) }
    for field in fields ?? [] { field.write(to: &writer) }
  }

  /// Presentation format; `\# length data` for unknown types (RFC 3597 §5).
  public var description: String {
    if case .unknown(_, let octets) = self {
      let digits = PresentationText.hexadecimal(octets)
      return digits.isEmpty ? "\\# 0" : "\\# \(octets.count) \(digits)"
    }
    return (fields ?? []).map(\.presentation).filter { !$0.isEmpty }.joined(separator: " ")
  }
}
