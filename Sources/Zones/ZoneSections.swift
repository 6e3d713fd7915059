import DNSWire

// The authority and additional sections of an answer.
extension CompiledZone {
  /// Writes the RRsets planned for the authority section, all of which are required.
  func writeAuthority(_ state: inout AnswerState, into writer: inout WireWriter) {
    for position in 0..<state.plannedCount {
      let index = state.plannedRRset(position)
      let count =
        index == soa
        ? writeNegativeSOA(&state, into: &writer)
        : write(index, owner: .node(rrsets[index].node), &state, into: &writer)
      guard count > 0 else {
        state.answer.truncated = true
        return
      }
      state.answer.authorityCount += count
    }
  }

  /// Writes the addresses of the names in NS, MX and SRV records, as far as this zone has them.
  ///
  /// In a referral the addresses of servers inside the delegated zone cannot be learnt elsewhere:
  /// they come first, and TC says if one is missing (RFC 9471 §3). All others are a courtesy and
  /// are left out without a word (RFC 2181 §9).
  func writeAdditional(_ state: inout AnswerState, into writer: inout WireWriter) {
    guard let index = state.additionalFor else { return }
    if let cut = state.referral {
      writeAddresses(of: index, required: true, cut: cut, &state, into: &writer)
    }
    guard !state.answer.truncated else { return }
    writeAddresses(
      of: index, required: false, cut: state.referral ?? ZoneNode.none, &state, into: &writer)
  }

  private func writeAddresses(
    of index: Int, required: Bool, cut: Int32, _ state: inout AnswerState,
    into writer: inout WireWriter
  ) {
    let first = Int(rrsets[index].firstTarget)
    for position in first..<first + Int(rrsets[index].count) {
      let target = targets[position]
      guard target.node >= 0, target.prefix == 0 else { continue }
      let targetCut = nodes[Int(target.node)].cut
      let isGlue = targetCut >= 0
      // Below another delegation the data is not ours to offer, but for the name servers of one.
      if isGlue, rrsets[index].type != .ns { continue }
      guard (isGlue && targetCut == cut) == required else { continue }
      if isRepeated(target.node, first..<position) { continue }
      writeAddresses(at: target.node, required: required, &state, into: &writer)
    }
  }

  /// Whether one of the targets in `earlier` is the same name.
  private func isRepeated(_ node: Int32, _ earlier: Range<Int>) -> Bool {
    guard earlier.count <= 32 else { return false }
    for position in earlier where targets[position].node == node && targets[position].prefix == 0 {
      return true
    }
    return false
  }

  private func writeAddresses(
    at node: Int32, required: Bool, _ state: inout AnswerState, into writer: inout WireWriter
  ) {
    let first = Int(nodes[Int(node)].firstRRset)
    for index in first..<first + Int(nodes[Int(node)].rrsetCount) {
      guard rrsets[index].type == .a || rrsets[index].type == .aaaa else { continue }
      let count = write(index, owner: .node(node), &state, into: &writer)
      state.answer.additionalCount += count
      if count == 0, required { state.answer.truncated = true }
    }
  }
}
