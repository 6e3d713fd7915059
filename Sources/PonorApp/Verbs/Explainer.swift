import Addressing
import AnswerCache
package import ControlPlane
import DNSServer
import DNSWire
import DomainIndex
import Evidence
import Foundation
import Logging
import Policy
import QueryPath
package import Settings
import Zones

/// `ponor explain`: what would happen to a query, told by the code that it would pass.
struct Explainer {
  /// A port as clients use; no rule looks at it.
  private static let clientPort: UInt16 = 53_000

  let settings: Settings
  let state: Published<ServingState>
  let cache: AnswerCache
  let hasRecursion: Bool

  func explain(_ query: ExplainQuery) throws(VerbProblem) -> Explanation {
    let client = try client(of: query)
    let packet = try packet(of: query)
    let now = query.date.map { $0 * 1_000_000 } ?? UTCClock.microseconds()
    let pipeline = QueryPipeline.inspector(
      QueryPipeline.Shared(state: state, cache: cache, recursion: nil))
    let found = pipeline.inspect(packet, from: client, at: now, hasRecursion: hasRecursion) {
      origins($0, $1, at: now / 1_000_000)
    }
    var result = Explanation(
      query: "\(query.name) \(query.type) from \(client.remote.address) over \(client.transport) "
        + "at \(client.local), \(UTCTime.rfc3339(seconds: now / 1_000_000))")
    result.steps = found.steps.map { .init($0.stage, $0.found) }
    finish(&result, found, query)
    return result
  }

  private func finish(
    _ result: inout Explanation, _ found: QueryInspection, _ query: ExplainQuery
  ) {
    if found.needsRecursion {
      result.outcome = "what recursion finds"
      let asked = servers(for: query.name)
      if let last = result.steps.indices.last, result.steps[last].stage == "recursion" {
        result.steps[last].found.append(asked)
      }
      return
    }
    guard let octets = found.answer else {
      result.outcome = "no answer is sent"
      return
    }
    guard let message = try? Message(decoding: octets.span) else {
      result.outcome = "an answer of \(octets.count) octets that cannot be shown"
      return
    }
    result.outcome = ResponseCounters.name(of: message.rcode)
    if message.flags.contains(.truncated) { result.outcome += ", TC" }
    result.answer = message.answers.map { "\($0)" }
  }

  // MARK: - The query

  private func client(of query: ExplainQuery) throws(VerbProblem) -> Client {
    guard let address = IPAddress(query.client) else {
      throw VerbProblem(text: "'\(query.client)' is no IP address")
    }
    guard let transport = Transport.allCases.first(where: { "\($0)" == query.transport }) else {
      throw VerbProblem(text: "'\(query.transport)' is no transport: udp, tcp, dot or doh")
    }
    let listening = ListenAddresses.expand(settings.server.listen)
    var place = 0
    if let text = query.listener {
      guard let wanted = SocketEndpoint(text, defaultPort: 53),
        let number = listening.firstIndex(of: wanted)
      else {
        let known = listening.map(\.description).joined(separator: " ")
        throw VerbProblem(text: "'\(text)' is no listening address; there are: \(known)")
      }
      place = number
    }
    let local =
      listening.indices.contains(place)
      ? listening[place] : SocketEndpoint(address: IPAddress(ipv4: 0), port: 53)
    return Client(
      remote: SocketEndpoint(address: address, port: Self.clientPort), local: local,
      transport: transport, listener: UInt8(clamping: place))
  }

  private func packet(of query: ExplainQuery) throws(VerbProblem) -> [UInt8] {
    guard let name = try? Name(query.name) else {
      throw VerbProblem(text: "'\(query.name)' is no domain name")
    }
    guard let type = RRType(query.type.uppercased()) else {
      throw VerbProblem(text: "'\(query.type)' is no type of records")
    }
    // Without EDNS: with it answers depend on what a client says of itself.
    guard let packet = Message(query: name, type, id: 1).encoded() else {
      throw VerbProblem(text: "'\(query.name)' makes no query")
    }
    return packet
  }

  // MARK: - Words

  private func origins(_ policy: Policy, _ verdict: Verdict, at now: Int64) -> [String] {
    guard let index = policy.index else { return [] }
    let lines = index.origins(of: verdict.payload).map { origin in
      let row = index.row(origin.row)
      let generator = index.generators[row.generator]
      let model =
        generator.variant.isEmpty
        ? generator.family : "\(generator.family)/\(generator.variant)"
      let isValid = row.validFrom <= now && now < row.validTo
      return "\(model) seed \(generator.seed), valid \(Self.time(row.validFrom)) to "
        + "\(Self.time(row.validTo))\(isValid ? "" : " (not at this time)"), "
        + "ordinal \(origin.ordinal)"
    }
    let collides = index.isColliding(verdict.payload) ? ["collides with a protected name"] : []
    return ["generation \(index.generation)"] + collides + lines
  }

  private static func time(_ seconds: Int64) -> String {
    seconds == .min || seconds == .max ? "always" : UTCTime.rfc3339(seconds: seconds)
  }

  /// Who would be asked: the closest forward or stub zone, else everybody's servers.
  private func servers(for text: String) -> String {
    let resolution = settings.resolution
    let zones =
      resolution.forwardZones.map { ("forward", $0) } + resolution.stubZones.map { ("stub", $0) }
    guard let name = try? Name(text) else { return "" }
    let closest = zones.compactMap { kind, zone -> (String, Name)? in
      guard let apex = try? Name(zone.name), name.isEqualOrBelow(apex) else { return nil }
      let servers = zone.servers.map(\.description).joined(separator: " ")
      return ("\(kind) zone \(apex), servers \(servers)", apex)
    }
    .max { $0.1.wire.count < $1.1.wire.count }
    if let closest { return closest.0 }
    let upstreams = resolution.upstreams.map(\.description).joined(separator: " ")
    return resolution.mode == .forward ? "upstreams \(upstreams)" : "from the root down"
  }
}

/// Explains without a server: from the configuration and the newest index on disk.
package enum OfflineExplanation {
  /// Tells what a server started now would do; it has nothing cached.
  package static func explain(_ query: ExplainQuery, _ settings: Settings) async throws
    -> Explanation
  {
    var quiet = Logger(label: "explain")
    quiet.logLevel = .critical
    let (index, _) = IndexFiles(dataDirectory: settings.dataDirectory).openNewest()
    let (zones, _) = ZoneSet.load(ZoneTransfers(logger: quiet).sources(settings), previous: nil)
    let manager = PolicyZoneManager(dataDirectory: settings.dataDirectory, logger: quiet)
    // Zones from the Internet are not fetched: what a server left on disk counts.
    await manager.load(settings.rpz)
    let state = ServingState.make(
      settings, index: index, zones: zones, lists: ClientLists(settings),
      policies: await manager.current, health: HealthState())
    let explainer = Explainer(
      settings: settings, state: Published(state), cache: AnswerCache(memory: 1 << 20),
      hasRecursion: settings.resolution.mode != .none)
    var result = try explainer.explain(query)
    result.steps.insert(
      .init("server", ["none is running: from the configuration and what is on disk"]), at: 0)
    return result
  }
}
