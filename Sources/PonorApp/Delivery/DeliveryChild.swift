import ControlPlane
import Delivery
import Foundation
import Glibc
import Logging
import Settings

/// Starts and watches the process that delivers, so that nothing of it can reach DNS.
actor DeliveryChild {
  /// Wait before it is started again; doubles up to the longest.
  private static let firstWait = Duration.seconds(1)
  private static let longestWait = Duration.seconds(60)
  /// Between two looks at it, and at whether it is wanted.
  private static let look = Duration.milliseconds(200)
  private static let rareLook = Duration.seconds(1)
  /// How long it may take to finish what it is sending.
  private static let patience = Duration.seconds(20)

  private let configuration: String?
  private let executable: String
  private let logger: Logger
  private var process: Process?
  private var input: Pipe?
  private var isWanted = false
  private var isStopping = false
  private var state = "not started"
  private var wait = firstWait

  init(configuration: String?, executable: String, logger: Logger) {
    self.configuration = configuration
    self.executable = executable
    self.logger = logger
  }

  /// Keeps the process running until the task is cancelled.
  func run(_ settings: Settings) async {
    isWanted = DeliveryMapping.isNeeded(settings)
    while !Task.isCancelled, !isStopping {
      if isWanted, process == nil { start() }
      if let process, !process.isRunning { await ended(process) }
      try? await Task.sleep(for: isWanted ? Self.look : Self.rareLook)
    }
  }

  /// Has the process read the settings again.
  func apply(_ settings: Settings) async {
    isWanted = DeliveryMapping.isNeeded(settings)
    wait = Self.firstWait
    // Whoever asked for the reload does not wait for a receiver that hangs; the next process waits
    // for this one's lock.
    Task { await end() }
  }

  /// Ends it for good.
  func stop() async {
    isStopping = true
    await end()
  }

  private func start() {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments =
      ["deliver", "run", "--child"] + (configuration.map { ["--config", $0] } ?? [])
    // When the server is gone, however it went, this ends, and so does the process.
    let pipe = Pipe()
    process.standardInput = pipe
    do {
      try process.run()
      self.process = process
      input = pipe
      state = "running, pid \(process.processIdentifier)"
    } catch {
      state = "cannot be started: \(error.localizedDescription)"
      logger.error("delivery \(state)")
      isWanted = false
    }
  }

  private func ended(_ process: Process) async {
    self.process = nil
    input = nil
    state = "ended with status \(process.terminationStatus), started again in \(wait)"
    logger.error("delivery \(state)")
    let end = ContinuousClock.now.advanced(by: wait)
    wait = min(wait * 2, Self.longestWait)
    while ContinuousClock.now < end, !Task.isCancelled, !isStopping {
      try? await Task.sleep(for: Self.look)
    }
  }

  private func end() async {
    guard let process else { return }
    self.process = nil
    try? input?.fileHandleForWriting.close()
    input = nil
    if process.isRunning { process.terminate() }
    let end = ContinuousClock.now.advanced(by: Self.patience)
    while process.isRunning, ContinuousClock.now < end {
      try? await Task.sleep(for: .milliseconds(20))
    }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    if self.process == nil { state = "stopped" }
  }

  // MARK: - Status

  /// Where sinks stand; nil when nobody is told.
  func status(_ settings: Settings) -> DeliveryStatus? {
    guard DeliveryMapping.isNeeded(settings) else { return nil }
    var status = DeliveryStatus(process: state)
    status.sinks = DeliveryOverview.sinks(settings)
    return status
  }
}
