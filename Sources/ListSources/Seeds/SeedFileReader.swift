import CheckedYAML
import DGAKit
import Yams

/// Walks the tree of one seed file: good seeds into `seeds`, everything else into `problems`.
struct SeedFileReader {
  private(set) var seeds: [LoadedSeed] = []
  private(set) var problems: [SourceProblem] = []
  private let file: String

  private static let fileKeys = ["family", "variant", "seeds"]
  private static let seedKeys = [
    "label", "parameters", "first_seen", "last_seen", "sample_sha256", "reference", "tlp", "active",
  ]

  init(file: String) { self.file = file }

  /// Reads the document.
  mutating func read(_ root: Node) {
    guard let map = fields(of: root, known: Self.fileKeys, "a seed file") else { return }
    guard let familyNode = map["family"], let family = text(familyNode, "family"), !family.isEmpty
    else {
      if map["family"] == nil { report("the file does not say its 'family:'", at: root) }
      return
    }
    var variant = ""
    if let node = map["variant"] {
      guard let text = text(node, "variant") else { return }
      variant = text
    }
    guard let list = map["seeds"]?.sequence else {
      report(
        "'seeds' must be a list of seeds, each starting with '- label:'", at: map["seeds"] ?? root)
      return
    }
    for node in list { readSeed(node, family.lowercased(), variant) }
  }

  private mutating func readSeed(_ node: Node, _ family: String, _ variant: String) {
    let before = problems.count
    guard let map = fields(of: node, known: Self.seedKeys, "a seed") else { return }
    guard let labelNode = map["label"], let label = text(labelNode, "label"), !label.isEmpty else {
      if map["label"] == nil { report("the seed has no 'label'", at: node) }
      return
    }
    var seed = Seed(variant: variant, label: label, origin: .file(file, line: node.mark?.line ?? 0))
    readParameters(map["parameters"], into: &seed)
    if let node = map["first_seen"] { seed.firstSeen = instant(node, "first_seen") }
    if let node = map["last_seen"] { seed.lastSeen = instant(node, "last_seen") }
    if let node = map["sample_sha256"] { seed.sampleSHA256 = sha256(node) }
    if let node = map["reference"] { seed.reference = text(node, "reference") ?? "" }
    if let node = map["tlp"] { seed.tlp = trafficLight(node) ?? .clear }
    if let node = map["active"] { seed.isActive = flag(node, "active") ?? false }
    if let first = seed.firstSeen, let last = seed.lastSeen, last < first {
      report("'last_seen' is before 'first_seen'", at: map["last_seen"] ?? node)
    }
    // A seed with any problem is left out: half a seed would generate wrong names.
    guard problems.count == before else { return }
    seeds.append(LoadedSeed(family: family, seed: seed))
  }

  private mutating func readParameters(_ node: Node?, into seed: inout Seed) {
    guard let node, !CheckedYAML.isNull(node) else { return }
    guard let map = node.mapping else {
      report("'parameters' must be a map of names to values", at: node)
      return
    }
    for (key, value) in map {
      guard let name = key.scalar?.string else {
        report("a parameter's name must be a word", at: key)
        continue
      }
      if let value = parameter(value, name) { seed.parameters[name] = value }
    }
  }

  private mutating func parameter(_ node: Node, _ name: String) -> SeedValue? {
    switch node {
    case .scalar(let scalar):
      guard !CheckedYAML.isNull(node) else {
        report("parameter '\(name)' has no value", at: node)
        return nil
      }
      return SeedValue(scalar: scalar.string, isPlain: scalar.style == .plain)
    case .sequence(let items):
      let texts = items.compactMap { $0.scalar?.string }
      guard texts.count == items.count else {
        report("parameter '\(name)' must be a list of plain values", at: node)
        return nil
      }
      return .list(texts)
    default:
      report("parameter '\(name)' must be a number, a text or a list of texts", at: node)
      return nil
    }
  }
}

// MARK: - Values

extension SeedFileReader {
  /// The map's values by key, nil when the node is no map; unknown keys are reported.
  private mutating func fields(of node: Node, known: [String], _ what: String) -> [String: Node]? {
    guard let mapping = node.mapping else {
      report("\(what) must be a map with the keys \(known.joined(separator: ", "))", at: node)
      return nil
    }
    var result: [String: Node] = [:]
    for (keyNode, value) in mapping {
      let key = keyNode.scalar?.string ?? ""
      if known.contains(key) {
        result[key] = value
      } else {
        let meant = NearestName.find(key, among: known).map { "did you mean '\($0)'?" }
        report(
          "unknown key '\(key)' in \(what); "
            + (meant ?? "known are \(known.joined(separator: ", "))"), at: keyNode)
      }
    }
    return result
  }

  private mutating func text(_ node: Node, _ key: String) -> String? {
    guard let scalar = node.scalar, !CheckedYAML.isNull(node) else {
      report("'\(key)' must be a text", at: node)
      return nil
    }
    guard scalar.string.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      report("'\(key)' has control characters", at: node)
      return nil
    }
    return scalar.string
  }

  private mutating func instant(_ node: Node, _ key: String) -> Instant? {
    guard let text = text(node, key) else { return nil }
    guard let instant = Instant(text) else {
      report("'\(key)' must be a date like 2026-11-23 or 2026-11-23T13:37:00Z", at: node)
      return nil
    }
    return instant
  }

  private mutating func sha256(_ node: Node) -> String? {
    guard let text = text(node, "sample_sha256") else { return nil }
    guard text.utf8.count == 64, text.utf8.allSatisfy({ Character(.init($0)).isHexDigit }) else {
      report("'sample_sha256' must be 64 hexadecimal digits", at: node)
      return nil
    }
    return text.lowercased()
  }

  /// The label with or without `TLP:`, any letter case; TLP 1's `white` means `clear`.
  private mutating func trafficLight(_ node: Node) -> TrafficLight? {
    guard let text = text(node, "tlp")?.lowercased() else { return nil }
    let word = text.hasPrefix("tlp:") ? String(text.dropFirst(4)) : text
    guard let light = word == "white" ? .clear : TrafficLight(rawValue: word) else {
      let words = TrafficLight.allCases.map { $0.rawValue }.joined(separator: ", ")
      report("'tlp' must be one of \(words)", at: node)
      return nil
    }
    return light
  }

  private mutating func flag(_ node: Node, _ key: String) -> Bool? {
    switch node.scalar?.string {
    case "true": return true
    case "false": return false
    default:
      report("'\(key)' must be true or false", at: node)
      return nil
    }
  }

  private mutating func report(_ message: String, at node: Node) {
    problems.append(
      SourceProblem(
        file: file, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0, message))
  }
}

extension SeedValue {
  /// A scalar of a seed file.
  ///
  /// Unquoted decimal numbers without leading zeros and `0x…` that fit become numbers. All else is
  /// text: hexadecimal labels such as `00112233` and `1e5` must not lose their spelling.
  init(scalar text: String, isPlain: Bool) {
    let isHex = text.hasPrefix("0x")
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let isDecimal =
      !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
      && (digits.count == 1 || digits.first != "0")
    guard isPlain, isHex || isDecimal,
      let number = isHex ? Int64(text.dropFirst(2), radix: 16) : Int64(text)
    else {
      self = .text(text)
      return
    }
    self = .integer(number)
  }
}
