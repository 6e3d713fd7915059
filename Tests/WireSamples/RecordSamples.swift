package import DNSWire

extension SeededGenerator {
  /// A name below one of a few parents, so that messages have something to compress.
  package mutating func name(plain: Bool = false) -> Name {
    var labels: [[UInt8]] = []
    for _ in 0..<Int.random(in: 0...3, using: &self) { labels.append(label(plain: plain)) }
    let parents = [
      ["example", "com"], ["Example", "net"], ["xn--bcher-kva", "example"], ["arpa"], [],
    ]
    labels += (parents.randomElement(using: &self) ?? []).map { Array($0.utf8) }
    if oneIn(40) { labels = (0..<3).map { _ in octets(63, in: 0x61...0x7A) } + [octets(61)] }
    let wire: [UInt8] = labels.flatMap { label in [UInt8(label.count)] + label } + [0]
    return (try? Name(wire: wire)) ?? .root
  }

  private mutating func label(plain: Bool) -> [UInt8] {
    if oneIn(3) {
      return Array((["www", "mail", "NS1", "_tcp", "*"].randomElement(using: &self) ?? "a").utf8)
    }
    let count = Int.random(in: 1...12, using: &self)
    return plain || !oneIn(8) ? octets(count, in: 0x61...0x7A) : octets(count)
  }

  /// A string of up to `limit` octets, mostly printable.
  package mutating func string(limit: Int = 40) -> [UInt8] {
    let count = oneIn(30) ? 255 : Int.random(in: 0...limit, using: &self)
    return oneIn(6) ? octets(count) : octets(count, in: 0x20...0x7E)
  }

  /// A well-formed record of any type.
  package mutating func record(owner: Name? = nil) -> ResourceRecord {
    let ttl = UInt32([0, 1, 60, 300, 86_400, 0x7FFF_FFFF].randomElement(using: &self) ?? 0)
    return ResourceRecord(owner: owner ?? name(), ttl: ttl, rdata: rdata())
  }

  /// Well-formed rdata of any type.
  package mutating func rdata() -> RData {
    switch Int.random(in: 0..<26, using: &self) {
    case 0, 1: .a(.random(in: 0 ... .max, using: &self))
    case 2: .aaaa(ipv6())
    case 3: .ns(name())
    case 4: .cname(name())
    case 5: .ptr(name())
    case 6: .dname(name())
    case 7: .soa(soa())
    case 8: .hinfo(HINFO(cpu: string(), os: string()))
    case 9: .mx(MX(preference: u16(), exchange: name()))
    case 10: .txt(TXT(strings: (0...Int.random(in: 0...3, using: &self)).map { _ in string() }))
    case 11: .srv(SRV(priority: u16(), weight: u16(), port: u16(), target: name()))
    case 12: .naptr(naptr())
    default: securityRData()
    }
  }

  private mutating func securityRData() -> RData {
    switch Int.random(in: 0..<13, using: &self) {
    case 0: .ds(DS(keyTag: u16(), algorithm: u8(), digestType: 2, digest: octets(32)))
    case 1: .sshfp(SSHFP(algorithm: u8(), digestType: 1, fingerprint: octets(20)))
    case 2, 3: .rrsig(rrsig())
    case 4: .nsec(NSEC(next: name(), types: bitmap()))
    case 5: .dnskey(DNSKEY(flags: 257, algorithm: 13, key: octets(64)))
    case 6: .nsec3(NSEC3(parameters: nsec3Parameters(), nextHash: octets(20), types: bitmap()))
    case 7: .nsec3param(nsec3Parameters())
    case 8: .tlsa(TLSA(usage: 3, selector: 1, matching: 1, data: octets(32)))
    case 9: .svcb(binding())
    case 10: .https(binding())
    case 11: .caa(CAA(flags: u8(), tag: Array("issue".utf8), value: string()))
    default: .unknown(RRType(rawValue: 65_280 + u16() % 200), octets(Int(u8() % 40)))
    }
  }
}

extension SeededGenerator {
  private mutating func u8() -> UInt8 { .random(in: 0 ... .max, using: &self) }
  private mutating func u16() -> UInt16 { .random(in: 0 ... .max, using: &self) }
  private mutating func u32() -> UInt32 { .random(in: 0 ... .max, using: &self) }

  private mutating func ipv6() -> [UInt8] {
    (0..<8).flatMap { _ in oneIn(2) ? [0, 0] : octets(2) }
  }

  /// A time from 2000 to 2050, so that no reading of 32-bit time depends on today's date.
  private mutating func time() -> UInt32 { .random(in: 946_684_800...2_524_608_000, using: &self) }

  package mutating func soa() -> SOA {
    SOA(
      primary: name(), mailbox: name(), serial: u32(), refresh: 3_600, retry: 600, expire: 86_400,
      minimum: u32() % 7_200)
  }

  private mutating func naptr() -> NAPTR {
    NAPTR(
      order: u16(), preference: u16(), flags: string(limit: 2), services: string(limit: 10),
      expression: string(), replacement: name())
  }

  /// A signature over `covered`, or over A records.
  package mutating func rrsig(covered: RRType = .a) -> RRSIG {
    RRSIG(
      typeCovered: covered, algorithm: 13, labels: 2, originalTTL: 300, expiration: time(),
      inception: time(), keyTag: u16(), signer: name(), signature: octets(64))
  }

  private mutating func nsec3Parameters() -> NSEC3PARAM {
    NSEC3PARAM(algorithm: 1, flags: 0, iterations: u16() % 10, salt: octets(Int(u8() % 9)))
  }

  private mutating func bitmap() -> TypeBitmap {
    let known: [RRType] = [.a, .ns, .soa, .mx, .txt, .aaaa, .ds, .rrsig, .nsec, .dnskey, .caa]
    let extra = (0..<Int.random(in: 0...2, using: &self)).map { _ in
      RRType(rawValue: 32_770 + u16() % 30_000)
    }
    return TypeBitmap(known.filter { _ in oneIn(2) } + extra)
  }

  private mutating func binding() -> ServiceBinding {
    var parameters: [ServiceParameter] = []
    if oneIn(2) {
      parameters.append(.init(key: .alpn, value: [2] + Array("h2".utf8) + [2] + Array("h3".utf8)))
    }
    if oneIn(3) { parameters.append(.init(key: .port, value: octets(2))) }
    if oneIn(3) { parameters.append(.init(key: .ipv4Hint, value: octets(8))) }
    if oneIn(3) { parameters.append(.init(key: .ech, value: octets(21))) }
    if oneIn(3) { parameters.append(.init(key: .ipv6Hint, value: ipv6() + ipv6())) }
    if oneIn(3) { parameters.append(.init(key: .init(rawValue: 667), value: string())) }
    return ServiceBinding(priority: u16(), target: name(), parameters: parameters)
  }
}
