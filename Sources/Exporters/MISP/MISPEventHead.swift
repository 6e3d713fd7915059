import Evidence

/// An event without its attributes and objects.
struct MISPEventHead {
  /// UUID, stable.
  var uuid: String
  /// Title; names no client.
  var info: String
  /// Day.
  var date: String
  /// 1 high to 4 undefined.
  var threatLevel: Int
  /// Whether nothing more is to come.
  var isComplete: Bool
  /// Seconds since 1970; grows with each change.
  var timestamp: Int64
  /// Whether receivers may take it: events of a feed are.
  var isPublished: Bool
  /// Tags.
  var tags: [String]

  /// The members that stand in a feed's manifest too.
  func manifestEntry(_ options: ExportOptions) -> JSONTree {
    [
      "Orgc": MISPNames.organisation(options), "Tag": MISPNames.tags(tags), "info": .text(info),
      "date": .text(date), "analysis": .text(isComplete ? "2" : "1"),
      "threat_level_id": .text("\(threatLevel)"), "timestamp": .text("\(timestamp)"),
    ]
  }

  /// The event's own members, for the parts that follow; distribution 0 = this organisation only:
  /// events name persons, so whoever shares one further decides to.
  func members(_ options: ExportOptions) -> [(String, JSONTree)] {
    [
      ("uuid", .text(uuid)), ("info", .text(info)), ("date", .text(date)),
      ("threat_level_id", .text("\(threatLevel)")), ("analysis", .text(isComplete ? "2" : "1")),
      ("timestamp", .text("\(timestamp)")), ("published", .flag(isPublished)),
      ("publish_timestamp", .text(isPublished ? "\(timestamp)" : "0")), ("distribution", "0"),
      ("Orgc", MISPNames.organisation(options)), ("Tag", MISPNames.tags(tags)),
    ]
  }

  // MARK: - The event

  /// The whole event, `{"Event":{…}}`.
  func event(_ options: ExportOptions, _ group: [RecordFacts]) -> JSONTree {
    let objects = group.map { MISPRecord(facts: $0, event: uuid).object }
    let parts: [(String, JSONTree)] = [
      ("Attribute", .list(names(group))), ("Object", .list(objects)),
    ]
    let members = (members(options) + parts).map { JSONTree.Member(key: $0.0, value: $0.1) }
    return .object([.init(key: "Event", value: .object(members))])
  }

  /// The listed names among the examples, each once, as an event must not repeat a value; as text
  /// when MISP would take them for no domain.
  private func names(_ group: [RecordFacts]) -> [JSONTree] {
    RecordFacts.distinct(group.flatMap(\.listedNames)).map { name in
      let isHost = HostName.isValid(name)
      return [
        "uuid": .text(UUIDv5.text(parts: ["misp", uuid, "name", name])),
        "type": isHost ? "domain" : "text",
        "category": isHost ? "Network activity" : "Other", "value": .text(name), "to_ids": false,
        "timestamp": .text("\(timestamp)"), "distribution": "5",
      ]
    }
  }
}
