import Addressing
import DNSWire
import ListSources
import PolicyZoneFiles
import ResponsePolicy

let testKey = SipHash.Key(low: 7, high: 9)

/// The rules of a zone `rpz.test` given as a master file.
func rules(
  _ text: String, isGuarded: Bool = false, chunk: Int = .max
) throws -> PolicyRules {
  var parser = PolicyFileParser(
    apex: try Name("rpz.test"), key: testKey,
    isProtected: isGuarded ? PolicyGuard.refusing(.builtIn) : nil)
  let octets = Array(text.utf8)
  var start = 0
  while start < octets.count {
    let end = min(octets.count, start.addingReportingOverflow(chunk).partialValue)
    parser.push(Array(octets[start..<max(start + 1, chunk == .max ? octets.count : end)]))
    start = chunk == .max ? octets.count : max(start + 1, end)
  }
  return parser.finish()
}

/// A zone in force.
func zone(
  _ name: String, _ text: String, _ change: (inout PolicyZoneOptions) -> Void = { _ in }
) throws -> PolicyZone {
  var options = PolicyZoneOptions()
  change(&options)
  return PolicyZone(
    name: try Name(name), options: options, rules: try rules(text), counters: PolicyZoneCounters())
}

/// What a policy says of a name and its answer.
///
/// The span of a temporary (`try Name(name).wire.span`) makes Swift 6.3.1 emit a broken module: hence
/// the variable. Not inlined: Swift 6.3.1's optimiser crashes on the buffers inside a test's body.
@inline(never)
func judge(
  _ zones: [PolicyZone], _ name: String, client: String? = nil, addresses: [String] = [],
  servers: ServerFacts? = nil, from start: Int = 0
) throws -> PolicyDecision? {
  let policy = ResponsePolicy(zones: zones, key: testKey)
  var buffer = NameBuffer()
  let wire = try Name(name).wire
  _ = try buffer.load(from: wire.span, at: 0, allowCompression: false)
  var hashes = SuffixHashes(key: testKey)
  let evidence = ResponsePolicy.Evidence(client: client.flatMap { IPAddress($0) }, servers: servers)
  let found = addresses.compactMap { IPAddress($0) }
  return policy.judge(
    buffer, &hashes, evidence, from: start, upTo: zones.count, addresses: found)
}

/// The QNAME rule for a name, in one word.
func rule(_ rules: PolicyRules, _ name: String) throws -> PolicyRule {
  var buffer = NameBuffer()
  let wire = try Name(name).wire
  _ = try buffer.load(from: wire.span, at: 0, allowCompression: false)
  var hashes = SuffixHashes(key: testKey)
  return rules.names.match(buffer, &hashes)?.rule ?? .none
}
