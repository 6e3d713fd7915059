import DNSWire
import ListSources
import PolicyZoneFiles
import ResponsePolicy

/// A policy zone must read the same whole and in pieces, and account for every record.
func fuzzPolicyZone(_ octets: [UInt8]) {
  let whole = reading([octets])
  let pieces = reading(
    stride(from: 0, to: octets.count, by: 7).map {
      Array(octets[$0..<min($0 + 7, octets.count)])
    })
  precondition(whole.recordCount == pieces.recordCount, "chunk boundaries change what is read")
  precondition(whole.ruleCount == pieces.ruleCount, "chunk boundaries change the rules")
  precondition(whole.skipped == pieces.skipped, "chunk boundaries change what is left out")
  precondition(whole.skipped.total <= whole.recordCount, "more is left out than was read")
  precondition(whole.ruleCount <= whole.recordCount, "more rules than records")
  for example in whole.examples { checkOneLine(example) }
}

private func reading(_ chunks: [[UInt8]]) -> PolicyRules {
  guard let apex = try? Name("rpz.test") else { preconditionFailure("a constant name") }
  var parser = PolicyFileParser(
    apex: apex, key: SipHash.Key(low: 1, high: 2), isProtected: PolicyGuard.refusing(.builtIn))
  for chunk in chunks { parser.push(chunk) }
  return parser.finish()
}
