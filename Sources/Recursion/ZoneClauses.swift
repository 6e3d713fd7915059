import Addressing

/// Forward, stub and authority zones, and DNS64, in the language of unbound.conf(5): these cannot be
/// set option by option.
enum ZoneClauses {
  static func text(_ options: RecursionOptions) -> String {
    var clauses = options.dns64.map { [server($0)] } ?? []
    if case .forward(let upstreams, let tlsName) = options.mode {
      var root = RecursionOptions.ZoneServers(name: ".", kind: .resolvers, servers: upstreams)
      root.tlsName = tlsName
      clauses.append(clause(root))
    }
    clauses += options.zones.map(clause)
    if let file = options.localRoot { clauses.append(localRoot(file)) }
    return clauses.joined()
  }

  private static func server(_ dns64: RecursionOptions.DNS64) -> String {
    let ignored = dns64.ignoredAAAA.map { "  dns64-ignore-aaaa: \(quoted($0))\n" }
    return "server:\n  dns64-prefix: \(dns64.prefix)\n" + ignored.joined()
  }

  private static func clause(_ zone: RecursionOptions.ZoneServers) -> String {
    let kind = zone.kind == .resolvers ? "forward" : "stub"
    var lines = ["\(kind)-zone:", "  name: \(quoted(zone.name))"]
    for server in zone.servers {
      let suffix = zone.tlsName.map { "#\($0)" } ?? ""
      lines.append("  \(kind)-addr: \(quoted("\(server.address)@\(server.port)\(suffix)"))")
    }
    if zone.tlsName != nil { lines.append("  \(kind)-tls-upstream: yes") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// RFC 8806: the copy is asked, validated like any other answer, and the root servers when it
  /// cannot be read.
  private static func localRoot(_ file: String) -> String {
    """
    auth-zone:
      name: "."
      zonefile: \(quoted(file))
      for-downstream: no
      for-upstream: yes
      fallback-enabled: yes

    """
  }

  /// A value nothing can break out of: libunbound's quotes know no escapes.
  private static func quoted(_ text: String) -> String {
    let clean = text.unicodeScalars.filter { $0 != "\"" && $0.value >= 0x20 }
    return "\"\(String(String.UnicodeScalarView(clean)))\""
  }
}
