import Addressing
import DeliveryRules
import Evidence
import Testing

@Suite struct RecipientTests {
  private func record(
    _ address: String = "198.51.100.7", gate: InfectionRecord.Gate = .likely
  ) -> InfectionRecord {
    InfectionRecord(
      id: "039dd4af-a15f-5578-8668-47aa5171494d", revision: 2, change: .updated, episode: "e",
      caseNumber: "PN-2026-000001", day: "2026-11-23", firstMicroseconds: 0, lastMicroseconds: 0,
      episodeFirstMicroseconds: 0, count: 1, distinctNames: 1,
      client: InfectionRecord.Client(address: address, port: 1, transport: "udp", scope: .line),
      serverAddress: "192.0.2.53", serverPort: 53, family: "conficker", lookups: [], gate: gate,
      confidence: 0.9)
  }

  private func reason(_ decision: RoutingDecision) -> SkipReason? {
    if case .skip(let reason) = decision { return reason }
    return nil
  }

  @Test("networks: own clients are told, others not, hostile text to nobody")
  func prefixes() throws {
    var isp = Recipient(name: "isp")
    isp.prefixes = try [
      #require(IPPrefix("198.51.100.0/24")), #require(IPPrefix("2001:db8:1::/48")),
    ]
    #expect(reason(isp.decide(record(), told: nil)) == nil)
    #expect(reason(isp.decide(record("2001:db8:1:2::3"), told: nil)) == nil)
    #expect(reason(isp.decide(record("203.0.113.9"), told: nil)) == .notTheirs)
    #expect(reason(isp.decide(record("2001:db8:2::1"), told: nil)) == .notTheirs)
    #expect(reason(isp.decide(record("=1+1"), told: nil)) == .badAddress)
  }

  @Test("a client known only by its network belongs to whom the whole network does")
  func wideClients() throws {
    var host = Recipient(name: "host")
    host.prefixes = [try #require(IPPrefix("198.51.100.7/32"))]
    var wide = record("198.51.100.0")
    wide.client.prefixLength = 24
    #expect(reason(host.decide(wide, told: nil)) == .notTheirs)
    host.prefixes = [try #require(IPPrefix("198.51.0.0/16"))]
    #expect(reason(host.decide(wide, told: nil)) == nil)
  }

  @Test("autonomous systems count beside networks")
  func systems() throws {
    var isp = Recipient(name: "isp")
    isp.systems = [64_496]
    #expect(reason(isp.decide(record(), told: nil)) == .notTheirs)
    var known = record("203.0.113.9")
    known.client.asn = 64_496
    #expect(reason(isp.decide(known, told: nil)) == nil)
    isp.prefixes = [try #require(IPPrefix("198.51.100.0/24"))]
    #expect(reason(isp.decide(record(), told: nil)) == nil)
  }

  @Test("families by name or with their variant")
  func families() {
    var desk = Recipient(name: "desk")
    desk.families = ["necurs"]
    #expect(reason(desk.decide(record(), told: nil)) == .family)
    desk.families = ["conficker/b"]
    #expect(reason(desk.decide(record(), told: nil)) == .family)
    var variant = record()
    variant.variant = "b"
    #expect(reason(desk.decide(variant, told: nil)) == nil)
  }

  @Test("gate and traffic light hold back; a light that is no word is the narrowest")
  func marks() {
    let desk = Recipient(name: "desk")
    #expect(reason(desk.decide(record(gate: .recorded), told: nil)) == .gate)
    var red = record()
    red.tlp = "red"
    #expect(reason(desk.decide(red, told: nil)) == .trafficLight)
    red.tlp = "purple"
    #expect(reason(desk.decide(red, told: nil)) == .trafficLight)
    red.tlp = "clear"
    #expect(reason(desk.decide(red, told: nil)) == nil)
  }

  @Test("ends and withdrawals follow what was told, and nothing else")
  func followUps() {
    let desk = Recipient(name: "desk")
    for change in [InfectionRecord.Change.withdrawn, .closed] {
      var end = record(gate: .recorded)
      end.change = change
      #expect(reason(desk.decide(end, told: nil)) == .neverTold)
      #expect(reason(desk.decide(end, told: 1)) == nil, "told once, told of the end")
    }
    #expect(reason(desk.decide(record(), told: 2)) == .toldBefore)
  }

  @Test("the subscriber is told only to those with the right; tests are marked")
  func rights() throws {
    var known = record()
    known.subscriber = InfectionRecord.Subscriber(state: .unique, key: "line-7", source: "radius")
    var desk = Recipient(name: "desk")
    desk.isTest = true
    guard case .send(let plain) = desk.decide(known, told: nil) else {
      Issue.record("not sent")
      return
    }
    #expect(plain.subscriber == nil && plain.isTest)
    desk.seesSubscribers = true
    guard case .send(let full) = desk.decide(known, told: nil) else {
      Issue.record("not sent")
      return
    }
    #expect(full.subscriber?.key == "line-7")
  }
}
