import DNSServer
import Operation

/// Tells the service manager that the server is alive, as long as its threads really turn.
struct Watchdog: Sendable {
  let parts: ServerParts
  let supervisor: Supervisor
  let notifier: ServiceNotifier

  /// Reports until the task is cancelled; returns at once when nobody wants to hear.
  func run() async {
    guard let limit = notifier.watchdog else { return }
    // Half the limit is what sd_watchdog_enabled(3) recommends; a third leaves room for one miss.
    let interval = limit / 3
    var before: [UInt64] = []
    while !Task.isCancelled {
      let beats = parts.udp.beats
      // A worker that did not go round is asked again after its longest idle wait.
      let moved = beats.count != before.count || zip(beats, before).allSatisfy(!=)
      before = beats
      if moved, await parts.tcp.isAlive(within: interval), await supervisor.isResponsive() {
        notifier.alive()
      }
      try? await Task.sleep(for: interval)
    }
  }
}

extension Supervisor {
  /// Comes back as soon as the control half has time for it.
  func isResponsive() -> Bool { true }
}
