import DNSWire

/// What to do next while an answer is being found.
private enum NextStep {
  case done
  /// Go on with the target of the CNAME RRset, which stands at `targetOffset` of the message.
  case follow(cname: Int, targetOffset: Int)
  /// Replace the end of the name by the target of this node's DNAME record.
  case redirect(dname: Int32)
}

extension CompiledZone {
  /// Answers a question about a name of this zone (RFC 1034 §4.3.2, RFC 4592, RFC 6672).
  func answer(_ request: borrowing Request, into writer: inout WireWriter) -> ZoneAnswer {
    let wantsDNSSEC = request.edns?.dnssecOK ?? false
    var state = AnswerState(qtype: request.qtype, addsDNSSEC: wantsDNSSEC && isSigned)
    if let refusal = Self.refusal(request.qtype, request.qclass) {
      state.answer.kind = .refusal
      state.answer.authoritative = false
      state.answer.rcode = refusal
      return state.answer
    }
    let location = locate(request.qname)
    noteAncestors(of: location, in: request.qname, &state)
    let next = step(
      request.qname, at: Limits.headerOctets, location, &state, into: &writer)
    if case .done = next {} else { follow(next, request.qname, &state, into: &writer) }
    state.answer.answerEnd = writer.count
    if !state.answer.truncated { writeAuthority(&state, into: &writer) }
    if !state.answer.truncated { writeAdditional(&state, into: &writer) }
    return state.answer
  }

  /// Questions that no zone data answers: other classes, transfers, and types that only other
  /// messages have (RFC 6895 §3.1).
  private static func refusal(_ qtype: RRType, _ qclass: RRClass) -> ResponseCode? {
    guard qclass == .internet else { return .refused }
    switch qtype {
    case .axfr, .ixfr: return .refused
    case .tkey, .tsig, .mailb, .maila, .opt: return .notImplemented
    default: return nil
    }
  }

  /// Notes where the names from the location up to the apex stand in the question.
  private func noteAncestors(
    of location: ZoneLocation, in qname: borrowing NameBuffer, _ state: inout AnswerState
  ) {
    var node = location.node
    while node >= 0 {
      let label = qname.labelCount - Int(nodes[Int(node)].labels)
      state.names.note(node, at: Limits.headerOctets + qname.labelOffset(label))
      node = nodes[Int(node)].parent
    }
  }

  // MARK: - One name

  private func step(
    _ name: borrowing NameBuffer, at nameOffset: Int, _ location: ZoneLocation,
    _ state: inout AnswerState, into writer: inout WireWriter
  ) -> NextStep {
    let node = nodes[Int(location.node)]
    if node.cut >= 0 {
      // The DS RRset is the one thing about a delegated name that the parent answers for
      // (RFC 4035 §3.1.4.1).
      let isDSHere = location.isExact && node.cut == location.node && state.qtype == .ds
      if !isDSHere {
        refer(to: node.cut, name, &state)
        return .done
      }
    }
    if location.isExact {
      return answer(at: location.node, owner: .offset(nameOffset), nil, &state, into: &writer)
    }
    if node.isDNAME { return .redirect(dname: location.node) }
    if node.wildcard >= 0 {
      if state.addsDNSSEC { planDenial(ofExpansion: name, encloser: location.node, &state) }
      return answer(
        at: node.wildcard, owner: .offset(nameOffset), location.node, &state, into: &writer)
    }
    state.answer.kind = .nameError
    state.answer.rcode = .nameError
    state.plan(soa)
    if state.addsDNSSEC { planDenial(of: name, encloser: location.node, &state) }
    return .done
  }

  /// Answers from the RRsets of a node, which is a wildcard if `encloser` is given.
  private func answer(
    at node: Int32, owner: RecordOwner, _ encloser: Int32?, _ state: inout AnswerState,
    into writer: inout WireWriter
  ) -> NextStep {
    if let index = selectRRset(at: node, &state) {
      state.answer.kind = .answer
      add(index, owner: owner, &state, into: &writer)
      return .done
    }
    if let index = rrset(.cname, at: node) {
      state.answer.kind = .answer
      guard state.noteAlias(index, isWildcard: encloser != nil),
        add(index, owner: owner, &state, into: &writer)
      else { return .done }
      return .follow(cname: index, targetOffset: state.lastTargetOffset)
    }
    state.answer.kind = .noData
    state.plan(soa)
    if state.addsDNSSEC { planDenial(ofTypeAt: node, wildcardOf: encloser, &state) }
    return .done
  }

  /// The RRset that answers the question at `node`.
  private func selectRRset(at node: Int32, _ state: inout AnswerState) -> Int? {
    switch state.qtype {
    case .any: return anyRRset(at: node, skipsSignatures: state.addsDNSSEC)
    default: return rrset(state.qtype, at: node)
    }
  }

  /// One RRset stands for all of them (RFC 8482 §4.1): an address, SOA, MX or PTR RRset if there
  /// is one, keys and denial last.
  private func anyRRset(at node: Int32, skipsSignatures: Bool) -> Int? {
    let first = Int(nodes[Int(node)].firstRRset)
    var best: Int?
    var bestRank = Int.max
    for index in first..<first + Int(nodes[Int(node)].rrsetCount) {
      let rank: Int
      switch rrsets[index].type {
      case .rrsig where skipsSignatures: continue
      case .a, .aaaa, .soa, .mx, .ptr: rank = 0
      case .dnskey, .rrsig, .nsec: rank = 2
      default: rank = 1
      }
      if rank < bestRank { (best, bestRank) = (index, rank) }
    }
    return best
  }

  /// Writes an RRset into the answer section.
  ///
  /// - Returns: whether it fitted.
  @discardableResult
  private func add(
    _ index: Int, owner: RecordOwner, _ state: inout AnswerState, into writer: inout WireWriter
  ) -> Bool {
    let count = write(index, owner: owner, &state, into: &writer)
    state.answer.answerCount += count
    guard count > 0 else {
      state.answer.truncated = true
      return false
    }
    switch rrsets[index].type {
    case .ns, .mx, .srv: state.additionalFor = index
    default: break
    }
    return true
  }

  private func refer(
    to cut: Int32, _ name: borrowing NameBuffer, _ state: inout AnswerState
  ) {
    guard let index = rrset(.ns, at: cut) else { return }
    state.answer.kind = .referral
    // Behind an alias of ours the answer as a whole is authoritative (RFC 1035 §4.1.1).
    state.answer.authoritative = state.answer.aliasCount > 0
    state.plan(index)
    state.additionalFor = index
    state.referral = cut
    guard state.addsDNSSEC else { return }
    if let ds = rrset(.ds, at: cut) { state.plan(ds) } else { planNoDS(at: cut, &state) }
  }

  // MARK: - Aliases

  /// Follows aliases as long as they stay in the zone.
  private func follow(
    _ first: NextStep, _ qname: borrowing NameBuffer, _ state: inout AnswerState,
    into writer: inout WireWriter
  ) {
    var next = first
    var name = copy qname
    var offset = Limits.headerOctets
    var lastDNAME = ZoneNode.none
    while true {
      switch next {
      case .done: return
      case .follow(let cname, let targetOffset):
        state.answer.aliasCount += 1
        guard !leads(cname, backTo: name) else { return }
        offset = targetOffset
        guard loadTarget(of: cname, into: &name) else {
          state.leaveZone(at: offset)
          return
        }
      case .redirect(let dname):
        // A DNAME that leads below itself makes an ever longer name: once round is enough.
        guard dname != lastDNAME || !leadsBelowItself(dname) else { return }
        guard
          redirect(&name, at: offset, by: dname, isNew: dname != lastDNAME, &state, into: &writer)
        else { return }
        lastDNAME = dname
        offset = state.lastTargetOffset
        if state.qtype == .cname { return }
      }
      guard !state.answer.truncated, state.answer.aliasCount < AnswerState.maximumAliases
      else { return }
      guard isInZone(name) else {
        state.leaveZone(at: offset)
        return
      }
      next = step(name, at: offset, locate(name), &state, into: &writer)
    }
  }

  /// Loads the target of a CNAME RRset; false when it is outside the zone.
  private func loadTarget(of cname: Int, into name: inout NameBuffer) -> Bool {
    guard targets[Int(rrsets[cname].firstTarget)].node >= 0 else { return false }
    let start = Int(rrsets[cname].offset) + ZoneRRset.recordHeadOctets
    return (try? name.load(from: octets.span, at: start, allowCompression: false)) != nil
  }

  /// Whether a CNAME points to the name it stands at, which a wildcard can bring about.
  private func leads(_ cname: Int, backTo name: borrowing NameBuffer) -> Bool {
    let target = targets[Int(rrsets[cname].firstTarget)]
    guard Int(target.length) == name.count else { return false }
    let start = Int(rrsets[cname].offset) + ZoneRRset.recordHeadOctets
    for index in 0..<name.count
    where octets[start + index].asciiLowercased != name.canonical[index] {
      return false
    }
    return true
  }

  private func leadsBelowItself(_ dname: Int32) -> Bool {
    guard let index = rrset(.dname, at: dname) else { return true }
    var node = targets[Int(rrsets[index].firstTarget)].node
    while node >= 0, node != dname { node = nodes[Int(node)].parent }
    return node == dname
  }

  /// Whether the name is the apex or stands below it.
  private func isInZone(_ name: borrowing NameBuffer) -> Bool {
    guard name.labelCount >= apexLabels else { return false }
    let bytes = name.canonicalBytes
    let start = name.labelOffset(name.labelCount - apexLabels)
    return owners.find(bytes, from: start, nodes: nodes, octets: octets) == Self.apexNode
  }

  /// Writes the DNAME RRset and the CNAME record it implies (RFC 6672 §3.1), and makes `name` the
  /// target; false when the chain ends here.
  private func redirect(
    _ name: inout NameBuffer, at offset: Int, by dname: Int32, isNew: Bool,
    _ state: inout AnswerState, into writer: inout WireWriter
  ) -> Bool {
    guard let index = rrset(.dname, at: dname) else { return false }
    state.answer.kind = .answer
    if isNew {
      guard add(index, owner: .node(dname), &state, into: &writer) else { return false }
    }
    state.answer.aliasCount += 1
    guard substitute(&name, labels: Int(nodes[Int(dname)].labels), by: index) else {
      state.answer.kind = .nameTooLong
      state.answer.rcode = ResponseCode(rawValue: 6)
      return false
    }
    let mark = writer.count
    writeOwner(.offset(offset), &state, into: &writer)
    writer.append16(RRType.cname.rawValue)
    writer.append16(RRClass.internet.rawValue)
    writer.append32(rrsets[index].ttl)
    writeSubstitute(name, of: targets[Int(rrsets[index].firstTarget)], &state, into: &writer)
    guard !writer.overflowed else {
      writer.rewind(to: mark)
      state.names.rewind(to: mark)
      state.answer.truncated = true
      return false
    }
    state.answer.answerCount += 1
    return true
  }

  /// Replaces the last `labels` labels of `name` by the target of a DNAME RRset.
  ///
  /// - Returns: false when the result is longer than a name may be.
  private func substitute(_ name: inout NameBuffer, labels: Int, by index: Int) -> Bool {
    let kept = name.labelOffset(name.labelCount - labels)
    let target = Int(rrsets[index].offset) + ZoneRRset.recordHeadOctets
    let length = Int(targets[Int(rrsets[index].firstTarget)].length)
    guard kept + length <= Limits.nameOctets else { return false }
    var joined = InlineArray<256, UInt8>(repeating: 0)
    for position in 0..<kept { joined[position] = name.original[position] }
    for position in 0..<length { joined[kept + position] = octets[target + position] }
    return (try? name.load(from: joined.span, at: 0, allowCompression: false)) != nil
  }
}
