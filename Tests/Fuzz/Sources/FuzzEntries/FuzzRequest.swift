import DNSWire

/// A packet as the server gets it: a query must lie inside the packet and read as a message.
func fuzzRequest(_ packet: [UInt8]) {
  var request = Request()
  let outcome = request.parse(packet.span)
  precondition(request.questionEnd <= packet.count, "question ends behind the packet")
  if let options = request.edns?.options {
    precondition(options.upperBound <= packet.count, "options behind the packet")
  }
  precondition(outcome != .cookieOnly || request.edns?.cookie != nil, "no question and no cookie")
  guard outcome == .query else { return }
  precondition(request.questionEnd > Limits.headerOctets, "query without a question")
  precondition((1...255).contains(request.qname.count), "name of \(request.qname.count) octets")
  let name = Name(request.qname)
  precondition(name.canonical.span.elementsEqual(request.qname.canonicalBytes), "name differs")
  if let message = try? Message(decoding: packet.span) {
    precondition(
      message.questions == [Question(name: name, type: request.qtype, rrClass: request.qclass)])
    precondition(message.edns?.dnssecOK == request.edns?.dnssecOK, "DO differs")
  }
}

extension Span where Element == UInt8 {
  fileprivate func elementsEqual(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for index in indices where self[index] != other[index] { return false }
    return true
  }
}
