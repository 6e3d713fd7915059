import Addressing
import CheckedYAML
import Yams

/// One pass over a configuration's tree: known keys into settings, everything else into problems.
struct SettingsDecoding {
  var settings = Settings()
  var reader: NodeReader
  /// Nodes of the options that were set, for problems found when options are compared.
  private(set) var nodes: [String: Node] = [:]

  init(file: String) { reader = NodeReader(file: file) }

  private static let optionsByKey = Dictionary(
    uniqueKeysWithValues: Settings.options.map { ($0.key, $0) })

  /// Every prefix of a dotted key that is a map in the file: `server`, `server.tcp`.
  private static let sectionKeys = Set(
    Settings.options.flatMap { option in
      option.sectionPath.indices.map { option.sectionPath[...$0].joined(separator: ".") }
    })

  private static let allKeys = Settings.options.map(\.key) + sectionKeys.sorted()

  /// Reads the whole document.
  mutating func readRoot(_ root: Node) {
    guard let mapping = root.mapping else {
      reader.report(
        "the file must be a map of options such as \"server:\"; see `ponor config reference`",
        at: root)
      return
    }
    readSection(mapping, prefix: "")
  }

  private mutating func readSection(_ mapping: Node.Mapping, prefix: String) {
    for (keyNode, value) in mapping {
      guard let name = keyNode.scalar?.string else {
        reader.report("keys must be words, not lists or maps", at: keyNode)
        continue
      }
      let key = prefix + name
      if let option = Self.optionsByKey[key] {
        nodes[key] = value
        option.read(value, &settings, &reader)
      } else if Self.sectionKeys.contains(key) {
        readSubsection(value, key: key)
      } else {
        reportUnknown(key, at: keyNode)
      }
    }
  }

  private mutating func readSubsection(_ value: Node, key: String) {
    if let mapping = value.mapping {
      readSection(mapping, prefix: key + ".")
    } else if !CheckedYAML.isNull(value) {
      // A section whose options are all commented out is empty, which is fine.
      reader.report("'\(key)' must be a map of options, indented below it", at: value)
    }
  }

  private mutating func reportUnknown(_ key: String, at node: Node) {
    guard !reader.isFull else { return }
    let shown = YAMLText.shortened(key)
    let advice =
      NearestName.find(key, among: Self.allKeys).map { "did you mean '\($0)'?" }
      ?? "see `ponor config reference` for all keys"
    reader.report("unknown key '\(shown)'; \(advice)", at: node)
  }
}

// MARK: - Checks over several options

extension SettingsDecoding {
  /// Reports what no single option can see.
  mutating func crossCheck() {
    // After an error the values compared here may be defaults: a second message would mislead.
    guard reader.problems.isEmpty else { return }
    if settings.resolution.mode == .forward, settings.resolution.upstreams.isEmpty {
      report(
        "resolution.mode",
        "'resolution.mode' is forward but 'resolution.upstreams' is empty; name a resolver")
    }
    if settings.cache.minTTL > settings.cache.maxTTL {
      report("cache.min_ttl", "'cache.min_ttl' is larger than 'cache.max_ttl'; lower it")
    }
    if settings.server.tcp.maxConnectionsPerClient > settings.server.tcp.maxConnections,
      nodes["server.tcp.max_connections_per_client"] != nil
    {
      report(
        "server.tcp.max_connections_per_client",
        "'server.tcp.max_connections_per_client' is larger than 'server.tcp.max_connections'")
    }
    checkRepeats("server.listen", settings.server.listen.map(\.description))
    checkRepeats("zones", settings.zones.map(\.name))
    if let http = settings.http.listen, settings.server.listen.contains(http) {
      report("http.listen", "'http.listen' is also in 'server.listen'; use another port")
    }
    checkEncryption()
    checkTransfers()
    checkPolicyZones()
    checkResponsePolicy()
    checkOpenResolver()
    checkViews()
    checkDnstap()
    checkDelivery()
  }

  private mutating func checkViews() {
    checkRepeats("views", settings.views.map(\.name))
    let items = nodes["views"]?.sequence.map(Array.init) ?? []
    for (number, view) in settings.views.enumerated() {
      let node = number < items.count ? items[number] : nodes["views"]
      if view.name.isEmpty || view.name == "default" {
        reader.report("'views[].name' is '\(view.name)'; choose another name", at: node)
      }
      for listener in view.listeners where !settings.server.listen.contains(listener) {
        reader.report(
          "'views[].listeners': \(listener) is not in 'server.listen'; write it as there", at: node)
      }
      if view.clients.isEmpty, view.listeners.isEmpty, number + 1 < settings.views.count {
        reader.report(
          "view '\(view.name)' takes every client: views below it are never reached; move it to "
            + "the end", at: node, severity: .warning)
      }
    }
  }

  /// Reports families that do not exist; actions may also name families that only feeds have.
  mutating func checkFamilies(_ known: [String]) {
    guard reader.problems.allSatisfy({ $0.severity == .warning }) else { return }
    var named: [(String, String)] = settings.models.exclude.map { ("models.exclude", $0) }
    if case .only(let families) = settings.models.families {
      named += families.map { ("models.families", $0) }
    }
    for (key, name) in named where !known.contains(name) {
      let advice =
        NearestName.find(name, among: known).map { "did you mean '\($0)'?" }
        ?? "see `ponor models list`"
      report(key, "'\(key)': there is no family '\(name)'; \(advice)")
    }
  }

  mutating func checkRepeats(_ key: String, _ names: [String]) {
    var seen: Set<String> = []
    for (index, name) in names.enumerated() where !seen.insert(name).inserted {
      let items = nodes[key]?.sequence.map(Array.init) ?? []
      reader.report(
        "'\(key)' has '\(name)' twice; remove one",
        at: index < items.count ? items[index] : nodes[key])
    }
  }

  private mutating func checkOpenResolver() {
    guard let wide = settings.access.recursion.first(where: \.isWholeFamily) else { return }
    report(
      "access.recursion",
      "'access.recursion' holds \(wide): an open resolver is misused for attacks (RFC 5358); "
        + "list your own networks", severity: .warning)
  }

  mutating func report(
    _ key: String, _ message: String, severity: SourceProblem.Severity = .error
  ) {
    reader.report(message, at: nodes[key], severity: severity)
  }
}
