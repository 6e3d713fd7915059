import Evidence
import Exporters
import Testing

/// EVE, ECS, OCSF and CloudEvents: the fields their readers go by.
@Suite struct EventFormatTests {
  @Test("EVE: an alert of a local rule, its time without a colon in the zone")
  func eve() throws {
    let event = try jsonLine(EVEFormat.self, record())
    #expect(event["timestamp"] as? String == "2026-11-22T03:14:07.250000+0000")
    #expect(event["event_type"] as? String == "alert")
    #expect(event["src_port"] as? Int == 53_817 && event["proto"] as? String == "UDP")
    #expect(value(event, "alert.signature_id") as? Int == 1_900_002)
    #expect(value(event, "alert.severity") as? Int == 1)
    #expect(value(event, "alert.context.ponor.count") as? Int == 6)
    let flow = try #require(event["flow_id"] as? Int)
    #expect(flow > 0 && flow < 1 << 51)
    let withdrawn = try jsonLine(EVEFormat.self, record(change: .withdrawn))
    #expect(value(withdrawn, "alert.signature_id") as? Int == 1_900_009)
    #expect(value(withdrawn, "alert.severity") as? Int == 4)
  }

  @Test("ECS: arrays where the schema wants them, the record's identifier as the document's")
  func ecs() throws {
    let sample = record(transport: "dot", isTest: true)
    let event = try jsonLine(ECSFormat.self, sample)
    #expect(value(event, "ecs.version") as? String == "9.4.0")
    #expect(value(event, "event.category") as? [String] == ["malware", "network"])
    #expect(value(event, "event.id") as? String == sample.id)
    #expect(value(event, "network.transport") as? String == "tcp")
    #expect(value(event, "labels.transport") as? String == "dot")
    #expect(value(event, "threat.indicator.sightings") as? Int == 6)
    #expect((event["tags"] as? [String])?.contains("test") == true)
    let relayed = try jsonLine(ECSFormat.self, prefixRecord())
    #expect(value(relayed, "source.ip") as? String == "203.0.113.9")
    #expect(value(relayed, "client.address") as? String == "10.20.30.0/24")
    #expect(value(relayed, "client.ip") == nil)
  }

  @Test("OCSF: class, activity and type agree; times are milliseconds")
  func ocsf() throws {
    for (change, activity, status) in [
      (InfectionRecord.Change.opened, 1, 1), (.updated, 2, 2), (.closed, 3, 4),
      (.withdrawn, 3, 3),
    ] {
      let event = try jsonLine(OCSFFormat.self, record(change: change))
      #expect(event["activity_id"] as? Int == activity && event["status_id"] as? Int == status)
      #expect(event["type_uid"] as? Int == 200_400 + activity)
      #expect(event["time"] as? Int == 1_795_317_247_250)
    }
    let activity = try jsonLine(OCSFDNSFormat.self, record(count: .max))
    #expect(activity["type_uid"] as? Int == 400_306)
    #expect(activity["count"] as? Int == Int(Int32.max))
    #expect(value(activity, "query.hostname") as? String == "xkqv.biz")
    #expect(value(activity, "src_endpoint.port") as? Int == 53_817)
  }

  @Test("CloudEvents: the identifier is that of the revision, the data the canonical record")
  func cloudEvents() throws {
    var sample = record()
    sample.revision = 3
    let event = try jsonLine(CloudEventsFormat.self, sample)
    #expect(event["specversion"] as? String == "1.0")
    #expect(event["id"] as? String == sample.id + ".3")
    #expect(event["source"] as? String == "urn:ponor:example.net")
    #expect(value(event, "data.id") as? String == sample.id)
    #expect(value(event, "data.subscriber") == nil)
    var options = ExportOptions()
    options.domain = "Evil Domain/\u{e9}\n"
    options.includesSubscriber = true
    let text = document(CloudEventsFormat.self, [sample], options)
    #expect(text.contains("\"source\":\"urn:ponor:evil-domain---\""))
    #expect(text.contains("line-0815"))
  }

  @Test("A record whose address is none is skipped, never sent without one")
  func noAddress() {
    let formats: [any InfectionFormat.Type] = [
      EVEFormat.self, ECSFormat.self, OCSFFormat.self, OCSFDNSFormat.self, SyslogFormat.self,
      CEFFormat.self, LEEFFormat.self, CloudEventsFormat.self, STIXFormat.self, MISPFormat.self,
    ]
    for type in formats {
      var format = type.init(options: ExportOptions())
      #expect(
        format.body(record(client: "nobody")) == .skipped("no valid client address"),
        "\(type.name)")
    }
  }

  @Test("Hostile text stays text", arguments: 0..<4)
  func hostile(_ index: Int) throws {
    let formats: [any InfectionFormat.Type] = [
      EVEFormat.self, ECSFormat.self, OCSFFormat.self, CloudEventsFormat.self,
    ]
    #expect(try !jsonLine(formats[index], hostileRecord()).isEmpty)
  }
}
