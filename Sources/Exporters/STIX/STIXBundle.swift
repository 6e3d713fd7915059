import Evidence

/// A bundle in the making, in bounded memory.
struct STIXBundle {
  /// How many versions of objects are remembered, so as not to repeat them.
  ///
  /// Beyond it memory is cleared, and an object may stand in the bundle twice, word for word the
  /// same, which readers take for one. 16 octets each.
  static let remembered = 1 << 20

  private let options: ExportOptions
  private let id: String
  private var seen: Set<UInt128> = []

  /// Begins a bundle; `kind` tells the bundles of one instant apart.
  init(_ options: ExportOptions, kind: String) {
    self.options = options
    id = STIXNames.id(
      "bundle", [options.organisation, options.domain, kind, "\(options.now)"])
    _ = isNew(STIXKnowledge(options, .clear).identity)
  }

  /// The beginning, with who reports: a bundle must not be empty.
  var head: String {
    "{\"type\":\"bundle\",\"id\":\(SafeText.json(id)),\"objects\":[\n"
      + STIXKnowledge(options, .clear).identity.json
  }

  /// The end.
  var tail: String { "\n]}\n" }

  /// The objects that are not in the bundle yet, each with what separates it from the one before.
  mutating func add(_ objects: [STIXObject]) -> String {
    var text = ""
    for object in objects where isNew(object) { text += ",\n" + object.json }
    return text
  }

  private mutating func isNew(_ object: STIXObject) -> Bool {
    if seen.count >= Self.remembered { seen.removeAll(keepingCapacity: true) }
    return seen.insert(Self.fingerprint(object.id + (object.version ?? ""))).inserted
  }

  /// FNV-1a, 128 bits: over identifiers that are hashes already.
  private static func fingerprint(_ text: String) -> UInt128 {
    text.utf8.reduce(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d) { hash, octet in
      (hash ^ UInt128(octet)) &* 0x0000_0000_0100_0000_0000_0000_0000_013b
    }
  }
}
