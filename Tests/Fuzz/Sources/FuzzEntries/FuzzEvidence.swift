import CheckedYAML
import Evidence
import EvidenceParameters

/// The binary form of an episode: refused, or a state that can be written again, folded on and judged.
func fuzzEpisode(_ octets: [UInt8]) {
  guard var state = EpisodeState(decoding: octets) else { return }
  precondition(state.encoded() == octets, "a state with two spellings")
  checkScore(state, client: ClientState(), at: state.last)
  let rules = parameters.foldRules(family: "demo")
  state.close(at: .max, rules: rules)
  for observation in Observation.read(hit(1, lookup: [0, 1, 2, 3, 4, 5, 6, 7])) {
    state.add(observation, rules: rules)
  }
  precondition(EpisodeState(decoding: state.encoded()) == state, "a state that cannot be stored")
  checkScore(state, client: ClientState(), at: .max)
}

/// The binary form of a client's state.
func fuzzClient(_ octets: [UInt8]) {
  guard var state = ClientState(decoding: octets) else { return }
  precondition(state.encoded() == octets, "a state with two spellings")
  let rules = parameters.foldRules(family: "demo")
  state.add(hit(1, lookup: [0, 1, 2, 3, 4, 5, 6, 7]), rules: rules)
  precondition(ClientState(decoding: state.encoded()) == state, "a state that cannot be stored")
  precondition(state.breadth(at: .max, verifiedOnly: false, rules: rules) >= 1, "no breadth")
}

/// Eight octets are one lookup: whatever comes, states stay bounded and can be stored in between.
func fuzzFold(_ octets: [UInt8]) {
  var whole = SuspectStates()
  var stored = SuspectStates()
  for (index, start) in stride(from: 0, to: octets.count - 7, by: 8).enumerated() {
    let hit = hit(Int64(index), lookup: octets[start..<start + 8])
    whole.add(hit, parameters: parameters)
    stored.add(hit, parameters: parameters)
    guard index.isMultiple(of: 7) else { continue }
    stored.client = ClientState(decoding: stored.client.encoded()) ?? ClientState()
    for (family, episode) in stored.episodes {
      stored.episodes[family] = EpisodeState(decoding: episode.encoded())
    }
  }
  precondition(whole == stored, "storing in between changes the state")
  for episode in whole.episodes.values {
    precondition(episode.names.count <= EpisodeState.maximumNames, "too many names")
    precondition(episode.encoded().count <= 64 * 360 + 4096, "too large a state")
    checkScore(episode, client: whole.client, at: episode.last)
  }
}

/// The text of a suspect: refused, or written the same again as far as it is canonical.
func fuzzSuspect(_ octets: [UInt8]) {
  guard let suspect = Suspect(String(decoding: octets, as: UTF8.self)) else { return }
  checkOneLine(suspect.description)
  precondition(Suspect(suspect.description) == suspect, "text of another suspect")
}

/// A parameter file: refused in one line, or numbers that a score can be made with.
func fuzzParameters(_ octets: [UInt8]) {
  do {
    let read = try EvidenceParameters.parse(octets, file: "parameters.yaml")
    var state = EpisodeState()
    for number in 0..<4 as Range<UInt8> {
      for observation in Observation.read(hit(1, lookup: [number, 1, 2, 3, 4, 5, 6, 7])) {
        state.add(observation, rules: read.foldRules(family: "demo"))
      }
    }
    let score = Scorer(read).score(
      state, family: "demo", client: ClientState(), context: ScoringContext(), at: 0)
    precondition(score.confidence.isFinite, "no probability")
  } catch {
    checkOneLine(error.description)
  }
}

private let parameters: ScoringParameters = {
  do { return try EvidenceParameters.builtIn() } catch { preconditionFailure("\(error)") }
}()

private func checkScore(_ state: EpisodeState, client: ClientState, at instant: Int64) {
  var context = ScoringContext()
  context.facts.set(FamilyFacts(order: .listed, pool: 300), family: "demo", variant: "")
  let score = Scorer(parameters).score(
    state, family: "demo", client: client, context: context, at: instant)
  let total = Hypothesis.allCases.reduce(0) { $0 + score.probabilities[$1] }
  precondition(abs(total - 1) < 1e-6, "probabilities that do not add up")
  for reason in score.reasons { checkOneLine(reason) }
}

/// A hit that eight octets stand for: name, seed, place, validity, time (two), type, flags.
private func hit(_ id: Int64, lookup: ArraySlice<UInt8>) -> HitRow {
  let octets = Array(lookup)
  let day: Int64 = 86_400
  let time = (Int64(octets[4]) << 8 | Int64(octets[5])) * 1_000_000_000
  let from = time / 1_000_000 / day * day + (Int64(octets[3]) - 128) * day
  let isStatic = octets[7] & 1 != 0
  let provenance = Provenance(
    family: octets[7] & 2 != 0 ? "demo" : "other", variant: "", seed: "\(octets[1])", kind: .model,
    validFrom: isStatic ? nil : from, validTo: isStatic ? nil : from + day)
  var hit = HitRow(
    id: id, firstMicroseconds: time, lastMicroseconds: time, count: 1,
    client: ClientAddress(ipv4: 1), clientPort: 1, server: ClientAddress(ipv4: 2), serverPort: 53,
    transport: .udp, isVerified: octets[7] & 4 != 0, qnameWire: [2, octets[0], octets[0], 0],
    matchedOffset: Int(octets[7] >> 6), qtype: UInt16(octets[6]),
    action: HitAction(rawValue: octets[7] >> 3 & 3) ?? .sinkhole,
    matches: [
      ProvenanceMatch(provenance: provenance, ordinal: octets[2] == 255 ? nil : UInt32(octets[2]))
    ],
    unresolved: nil)
  hit.wasChallenged = octets[7] & 32 != 0
  return hit
}
