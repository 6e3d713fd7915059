package import DNSWire

extension SeededGenerator {
  /// A well-formed message of any kind.
  package mutating func message() -> Message {
    let types: [RRType] = [.a, .aaaa, .mx, .txt, .any, .rrsig, .https]
    var message = Message(
      query: name(), types.randomElement(using: &self) ?? .a,
      id: .random(in: 0 ... .max, using: &self))
    message.flags = HeaderFlags(rawValue: .random(in: 0 ... .max, using: &self) & 0x87B0)
    let owner = message.questions.first?.name
    message.answers = records(upTo: 4, owner: owner)
    message.authorities = records(upTo: 2)
    message.additionals = records(upTo: 2)
    if oneIn(2) {
      message.edns = edns()
      message.rcode = ResponseCode(rawValue: .random(in: 0...23, using: &self))
    } else {
      message.rcode = ResponseCode(rawValue: .random(in: 0...5, using: &self))
    }
    return message
  }

  /// A query as a client sends it.
  package mutating func query() -> Message {
    Message(
      query: name(plain: true), [.a, .aaaa, .https].randomElement(using: &self) ?? .a,
      id: .random(in: 0 ... .max, using: &self), edns: oneIn(2) ? edns() : nil)
  }

  /// A response as a validating resolver gives it: a chain of aliases, then data or its absence.
  package mutating func response() -> Message {
    var message = Message(query: name(plain: true), oneIn(5) ? .rrsig : .a)
    message.flags = [.response, .recursionDesired, .recursionAvailable]
    var current = message.questions[0].name
    for _ in 0..<Int.random(in: 0...4, using: &self) {
      let next = name(plain: true)
      message.answers.append(ResourceRecord(owner: current, ttl: ttl(), rdata: .cname(next)))
      message.answers.append(
        ResourceRecord(owner: current, ttl: ttl(), rdata: .rrsig(rrsig(covered: .cname))))
      current = next
    }
    if oneIn(2) {
      for _ in 0..<2 {
        message.answers.append(ResourceRecord(owner: current, ttl: ttl(), rdata: .a(1)))
      }
      message.answers.append(ResourceRecord(owner: current, ttl: ttl(), rdata: .rrsig(rrsig())))
      message.authorities = records(upTo: 2)
    } else {
      message.rcode = oneIn(2) ? .nameError : .noError
      message.authorities = [ResourceRecord(owner: .root, ttl: ttl(), rdata: .soa(soa()))]
      message.authorities += records(upTo: 3)
    }
    message.additionals = records(upTo: 3)
    if oneIn(3) { message.answers.shuffle(using: &self) }
    if oneIn(2) { message.edns = edns() }
    return message
  }

  /// The EDNS state with any options.
  package mutating func edns() -> Message.EDNS {
    var options: [EDNSOption] = []
    if oneIn(3) { options.append(.nsid(octets(Int.random(in: 0...8, using: &self)))) }
    if oneIn(3) {
      options.append(
        .clientSubnet(.init(family: 1, sourcePrefixLength: 23, address: octets(2) + [0xFE])))
    }
    if oneIn(3) {
      options.append(.cookie(client: octets(8), server: oneIn(2) ? [] : octets(16)))
    }
    if oneIn(4) { options.append(.tcpKeepalive(oneIn(2) ? nil : 300)) }
    if oneIn(4) { options.append(.extendedError(code: 4, text: string())) }
    if oneIn(4) { options.append(.unknown(code: 65_001, data: octets(5))) }
    if oneIn(4) { options.append(.padding(Int.random(in: 0...40, using: &self))) }
    return .init(udpSize: 1_232, dnssecOK: oneIn(2), options: options)
  }

  private mutating func records(upTo most: Int, owner: Name? = nil) -> [ResourceRecord] {
    (0..<Int.random(in: 0...most, using: &self)).map { _ in
      record(owner: oneIn(2) ? owner : nil)
    }
  }

  private mutating func ttl() -> UInt32 { .random(in: 0...100_000, using: &self) }
}
