/// Traffic lights as STIX marks them.
///
/// The four marking definitions of TLP 1 are part of STIX 2.1 (§7.2.1.4) and every reader knows
/// them; those of TLP 2 need an extension that many do not. `amber+strict` is therefore marked
/// AMBER and with a statement besides.
enum STIXMarking {
  /// Identifiers to put into `object_marking_refs`.
  static func references(_ tlp: TrafficLight) -> [String] { definitions(tlp).map(\.id) }

  /// The definitions themselves, for bundles that are to be complete.
  static func definitions(_ tlp: TrafficLight) -> [STIXObject] {
    switch tlp {
    case .clear: [light("white", "613f2e26-407d-48c7-9eca-b8e91df99dc9")]
    case .green: [light("green", "34098fce-860f-48ae-8e50-ebd3cc5e41da")]
    case .amber: [light("amber", "f88d31f6-486f-44da-b317-01333bde0b82")]
    case .amberStrict: definitions(.amber) + [strict]
    case .red: [light("red", "5e57c739-391a-4eb3-b6be-7d15ca92d5ed")]
    }
  }

  private static func light(_ colour: String, _ uuid: String) -> STIXObject {
    let id = "marking-definition--" + uuid
    return STIXObject(
      type: "marking-definition", id: id, version: nil,
      [
        "type": "marking-definition", "spec_version": "2.1", "id": .text(id),
        "created": "2017-01-20T00:00:00.000Z", "definition_type": "tlp",
        "name": .text("TLP:" + colour.uppercased()), "definition": ["tlp": .text(colour)],
      ])
  }

  private static var strict: STIXObject {
    let id = STIXNames.id("marking-definition", ["amber+strict"])
    return STIXObject(
      type: "marking-definition", id: id, version: nil,
      [
        "type": "marking-definition", "spec_version": "2.1", "id": .text(id),
        "created": .text(STIXNames.formVersion), "definition_type": "statement",
        "definition": [
          "statement": "TLP:AMBER+STRICT (TLP 2.0): for the receiving organisation only."
        ],
      ])
  }
}
