import Addressing
import AnswerCache
import ControlPlane
import DNSServer
import HitLog
import Operation
import Settings

/// Applies changed settings to the parts of a server that run, without dropping a query.
struct LiveReload: Sendable {
  /// What came of it.
  struct Outcome: Sendable {
    /// The settings in force now.
    var settings: Settings
    /// Keys that could not be changed.
    var refused: [String] = []
    /// Why, one line each.
    var errors: [String] = []
    /// What takes effect only after a restart, and why.
    var needsRestart: [String] = []
  }

  let parts: ServerParts
  let control: ControlPlaneLife
  let logging: LogOutput.Options
  /// What the sandbox left open; nil when files are not confined.
  let rules: SandboxRules?
  let processors: Int

  /// Switches from `old` to `new`.
  func apply(_ old: Settings, _ new: Settings) async -> Outcome {
    var outcome = Outcome(settings: new)
    logging.change(to: new.log)
    parts.hits.keepHits(days: new.hits.retentionDays)
    parts.cache.lifetimes = new.cacheLifetimes
    if new.tcpSettings != old.tcpSettings { await parts.tcp.update(new.tcpSettings) }
    checkSandbox(old, new, &outcome)
    await listen(old, &outcome)
    await http(old, &outcome)
    return outcome
  }

  private func listen(_ old: Settings, _ outcome: inout Outcome) async {
    let plan = outcome.settings.udpPlan(processors: processors)
    guard plan != parts.udp.plan else { return }
    do {
      try await parts.change(to: plan)
    } catch {
      outcome.errors.append("\(error)")
      outcome.refused += ["server.listen", "server.workers", "server.gather_microseconds"]
      outcome.settings.server.listen = old.server.listen
      outcome.settings.server.workers = old.server.workers
      outcome.settings.server.gatherMicroseconds = old.server.gatherMicroseconds
    }
  }

  private func http(_ old: Settings, _ outcome: inout Outcome) async {
    guard outcome.settings.http.listen != old.http.listen else { return }
    if let problem = await control.listenHTTP(outcome.settings.http.listen) {
      outcome.errors.append(problem)
      outcome.refused.append("http.listen")
      outcome.settings.http.listen = old.http.listen
    }
  }

  /// The kernel's rules can only be tightened: what they do not cover waits for a restart.
  private func checkSandbox(_ old: Settings, _ new: Settings, _ outcome: inout Outcome) {
    guard let rules else { return }
    let before = Set(old.inputPaths)
    for path in new.inputPaths where !before.contains(path) && !rules.covers(path) {
      outcome.needsRestart.append("\(path): the sandbox covers it only after a restart")
    }
    let wanted = Set(ListenAddresses.expand(new.server.listen).map(\.port))
    if let port = wanted.subtracting(rules.listenPorts).min() {
      outcome.needsRestart.append(Self.waiting("server.listen", port))
      outcome.refused.append("server.listen")
      outcome.settings.server.listen = old.server.listen
    }
    if let port = new.http.listen?.port, !rules.listenPorts.contains(port) {
      outcome.needsRestart.append(Self.waiting("http.listen", port))
      outcome.refused.append("http.listen")
      outcome.settings.http.listen = old.http.listen
    }
  }
  private static func waiting(_ key: String, _ port: UInt16) -> String {
    "\(key): the sandbox allows TCP port \(port) only after a restart"
  }
}
