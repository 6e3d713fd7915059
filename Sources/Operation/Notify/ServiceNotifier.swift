import COperation
import Glibc

/// Tells the service manager how the server does, as sd_notify(3) describes.
///
/// Without a service manager it does nothing. A message is one datagram that is never waited for.
package struct ServiceNotifier: Sendable {
  /// The manager's socket; an abstract one begins with `@`.
  private let address: String?
  /// Time within which the manager wants to hear of a healthy server, nil when it does not.
  package let watchdog: Duration?

  /// Speaks to a socket, or to nobody.
  package init(address: String?, watchdog: Duration? = nil) {
    self.address = address
    self.watchdog = address == nil ? nil : watchdog
  }

  /// Reads `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID`, and takes them out of the
  /// environment, so that child processes do not speak for the server.
  package static func fromEnvironment() -> ServiceNotifier {
    let address = take("NOTIFY_SOCKET")
    let microseconds = take("WATCHDOG_USEC").flatMap { Int64($0) } ?? 0
    // Without a process id it is meant for whoever reads it (sd_watchdog_enabled(3)).
    let isOurs = take("WATCHDOG_PID").map { Int32($0) == getpid() } ?? true
    let watchdog = isOurs && microseconds > 0 ? Duration.microseconds(microseconds) : nil
    let isUsable = address.map { $0.hasPrefix("/") || $0.hasPrefix("@") } ?? false
    return ServiceNotifier(address: isUsable ? address : nil, watchdog: watchdog)
  }

  private static func take(_ name: String) -> String? {
    defer { unsetenv(name) }
    return getenv(name).map { String(cString: $0) }
  }

  /// Whether anybody listens.
  package var isActive: Bool { address != nil }

  /// The server answers now.
  ///
  /// - Parameter status: one line for people.
  package func ready(_ status: String) {
    send("READY=1\nSTATUS=\(Self.line(status))")
  }

  /// It reads its configuration again; `ready` says when that is done.
  package func reloading() {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    send("RELOADING=1\nMONOTONIC_USEC=\(microseconds)\nSTATUS=reading the configuration again")
  }

  /// It stops.
  package func stopping(_ status: String) { send("STOPPING=1\nSTATUS=\(Self.line(status))") }

  /// How it does, one line for people.
  package func status(_ text: String) { send("STATUS=\(Self.line(text))") }

  /// It is alive.
  package func alive() { send("WATCHDOG=1") }

  /// Fields are separated by line ends: none may come in with a text.
  private static func line(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }

  private func send(_ message: String) {
    guard let address else { return }
    // A manager that does not listen is no reason to stop answering.
    _ = ponor_notify(address, message, message.utf8.count)
  }
}
