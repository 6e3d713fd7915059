import DNSWire

// Proofs of non-existence in signed zones: NSEC (RFC 4035 §3.1.3) and NSEC3 (RFC 5155 §7.2).
extension CompiledZone {
  /// Plans the proof that a name does not exist and no wildcard covers it.
  func planDenial(
    of name: borrowing NameBuffer, encloser: Int32, _ state: inout AnswerState
  ) {
    guard let hashedDenial else {
      planNSEC(denial(of: name.canonicalBytes), &state)
      planNSEC(nodes[Int(encloser)].wildcardDenial, &state)
      return
    }
    let proof = hashedDenial.proofs[Int(encloser)]
    planNSEC3(proof.matching, &state)
    planNextCloser(name, encloser, &state)
    planNSEC3(proof.coveringWildcard, &state)
  }

  /// Plans the proof that a name which a wildcard stands in for does not exist itself.
  func planDenial(
    ofExpansion name: borrowing NameBuffer, encloser: Int32, _ state: inout AnswerState
  ) {
    guard hashedDenial != nil else { return planNSEC(denial(of: name.canonicalBytes), &state) }
    planNextCloser(name, encloser, &state)
  }

  /// Plans the proof that a name, or the wildcard that stands in for it, lacks the type.
  func planDenial(
    ofTypeAt node: Int32, wildcardOf encloser: Int32?, _ state: inout AnswerState
  ) {
    guard let hashedDenial else { return planNSEC(nodes[Int(node)].denial, &state) }
    if let encloser { planNSEC3(hashedDenial.proofs[Int(encloser)].matching, &state) }
    planMatchOrEncloser(node, &state)
  }

  /// Plans the proof that a delegation is not signed.
  func planNoDS(at cut: Int32, _ state: inout AnswerState) {
    guard hashedDenial != nil else {
      if let index = rrset(.nsec, at: cut) { state.plan(index) }
      return
    }
    planMatchOrEncloser(cut, &state)
  }

  /// The record that matches `node`; where opt-out left none, the closest encloser that has one
  /// and the record that covers the next closer name (RFC 5155 §7.2.4, §7.2.7).
  private func planMatchOrEncloser(_ node: Int32, _ state: inout AnswerState) {
    guard let hashedDenial else { return }
    var node = node
    var nextCloser = ZoneNode.none
    while node >= 0, hashedDenial.proofs[Int(node)].matching < 0 {
      nextCloser = node
      node = nodes[Int(node)].parent
    }
    if node >= 0 { planNSEC3(hashedDenial.proofs[Int(node)].matching, &state) }
    if nextCloser >= 0 { planNSEC3(hashedDenial.proofs[Int(nextCloser)].covering, &state) }
  }

  /// Covers the name one label longer than the closest encloser (RFC 5155 §1.3).
  private func planNextCloser(
    _ name: borrowing NameBuffer, _ encloser: Int32, _ state: inout AnswerState
  ) {
    guard let hashedDenial else { return }
    let label = name.labelCount - Int(nodes[Int(encloser)].labels) - 1
    guard label >= 0 else { return }
    let start = name.labelOffset(label)
    planNSEC3(hashedDenial.covering(name.canonicalBytes, from: start, in: self), &state)
  }

  private func planNSEC(_ node: Int32, _ state: inout AnswerState) {
    guard node >= 0, let index = rrset(.nsec, at: node) else { return }
    state.plan(index)
  }

  private func planNSEC3(_ node: Int32, _ state: inout AnswerState) {
    guard node >= 0, let index = rrset(.nsec3, at: node) else { return }
    state.plan(index)
  }
}
