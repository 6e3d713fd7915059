package import DNSWire

/// A whole message: decoding, encoding and rewriting must agree with each other.
func fuzzMessage(_ octets: [UInt8]) {
  if let message = try? Message(decoding: octets.span), let encoded = message.encoded() {
    guard let again = try? Message(decoding: encoded.span) else {
      preconditionFailure("own encoding is refused")
    }
    precondition(again == message, "own encoding reads differently")
    for record in message.answers { precondition(!record.description.isEmpty) }
  }
  for keepDNSSEC in [false, true] {
    let rewriter = MessageRewriter(keepDNSSEC: keepDNSSEC)
    guard let answer = try? rewriter.rewrite(octets.span) else { continue }
    if let problem = contradiction(in: answer, of: octets, keepDNSSEC: keepDNSSEC) {
      preconditionFailure(problem)
    }
  }
}

/// What is wrong with a rewritten answer, nil if it agrees with the response it was made of.
package func contradiction(
  in answer: RewrittenAnswer, of response: [UInt8], keepDNSSEC: Bool
) -> String? {
  let whole = answer.message(answers: answer.answerCount, end: nil)
  guard let rewritten = try? Message(decoding: whole.span) else {
    // The rewriter copies rdata whose inner form it does not check (bit maps, parameters, CAA).
    return (try? Message(decoding: response.span)) == nil ? nil : "rewritten answer is refused"
  }
  let records = rewritten.answers + rewritten.authorities + rewritten.additionals
  if answer.ttlOffsets.count != records.count { return "not one TTL offset per record" }
  for (offset, record) in zip(answer.ttlOffsets, records) {
    let place = Int(offset)
    let ttl = answer.octets[place..<(place + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    if ttl != record.ttl { return "TTL offset \(place) is wrong" }
  }
  if answer.minimumTTL != records.map(\.ttl).min() { return "minimum TTL is wrong" }
  for link in answer.chain {
    let cut = answer.message(answers: link.recordCount, end: Int(link.end))
    guard let message = try? Message(decoding: cut.span) else { return "cut chain is refused" }
    if message.answers != Array(rewritten.answers.prefix(Int(link.recordCount))) {
      return "cut chain reads differently"
    }
  }
  guard let original = try? Message(decoding: response.span) else { return nil }
  return difference(original, rewritten, keepDNSSEC: keepDNSSEC)
}

private func difference(_ original: Message, _ rewritten: Message, keepDNSSEC: Bool) -> String? {
  let asked = original.questions[0].type
  func expected(_ records: [ResourceRecord], isAnswer: Bool) -> [ResourceRecord] {
    records.compactMap { record in
      var record = record
      if record.ttl > 0x7FFF_FFFF { record.ttl = 0 }
      let isSecurity = [.rrsig, .nsec, .nsec3, .ds].contains(record.type)
      let isAsked = isAnswer && (asked == .any || asked == record.type)
      let isHop = [.tsig, .tkey].contains(record.type)
      return isHop || (isSecurity && !keepDNSSEC && !isAsked) ? nil : record
    }
  }
  let answers = expected(original.answers, isAnswer: true)
  if counts(answers) != counts(rewritten.answers) { return "answer records differ" }
  if rewritten.authorities != expected(original.authorities, isAnswer: false),
    !rewritten.authorities.isEmpty
  {
    return "authority records differ"
  }
  if rewritten.additionals != expected(original.additionals, isAnswer: false),
    !rewritten.additionals.isEmpty
  {
    return "additional records differ"
  }
  return nil
}

private func counts(_ records: [ResourceRecord]) -> [ResourceRecord: Int] {
  Dictionary(records.map { ($0, 1) }, uniquingKeysWith: +)
}

extension RewrittenAnswer {
  /// The answer behind a header and the question; with `end`, only the answer section up to there.
  package func message(answers: UInt16, end: Int?) -> [UInt8] {
    var writer = CompressingWriter()
    writer.append16(0x1234)
    writer.append16(flags.rawValue)
    writer.append16(1)
    writer.append16(answers)
    writer.append16(end == nil ? authorityCount : 0)
    writer.append16(end == nil ? additionalCount : 0)
    question.write(to: &writer)
    return writer.octets + octets.prefix(end ?? octets.count)
  }
}
