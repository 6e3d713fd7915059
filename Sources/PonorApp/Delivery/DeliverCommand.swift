import DNSServer
import Delivery
import Dispatch
import Evidence
import Foundation
import Glibc
import Logging
package import Settings
import Sharing

/// Runs deliveries in a process of their own.
package enum DeliverCommand {
  /// How it is called.
  package struct Options: Sendable {
    /// Whether it ends when nothing is left to send.
    package var isOnce = false
    /// Whether days that are not over are closed.
    package var closesDays = false
    /// A file of canonical JSON lines in place of the evidence.
    package var feed: String?
    /// Whether it ends when standard input does: the server that started it is gone then.
    package var watchesInput = false

    /// A process that goes on until it is stopped.
    package init() {}
  }

  /// How much the process beside a server gives way, setpriority(2).
  private static let niceness: Int32 = 10
  /// How often what is too old is deleted, seconds.
  private static let choreInterval = 3_600.0

  /// Delivers.
  ///
  /// - Returns: names of sinks with something left to send, for `isOnce`.
  package static func run(_ settings: Settings, _ options: Options) throws -> [String] {
    signal(SIGPIPE, SIG_IGN)
    // Beside a server DNS goes first.
    if options.watchesInput { _ = nice(niceness) }
    let logger = LogOutput.logger(LogOutput.Options(settings.log))
    try? FileManager.default.createDirectory(
      atPath: settings.dataDirectory, withIntermediateDirectories: true)
    let lock = try DeliveryLock(directory: settings.dataDirectory, waits: options.watchesInput)
    defer { lock.release() }
    let now: @Sendable () -> Int64 = { UTCClock.microseconds() }
    let feed = try FeedAccess.open(settings, file: options.feed, now: now())
    let store = try openStore(
      settings, logger, waits: !options.isOnce && !options.watchesInput)
    let plans = try DeliveryMapping.plans(settings, now: now)
    let service = DeliveryService(
      plans, feed: feed, store: store, now: now, log: { logger.warning("delivery: \($0)") })
    let sources = stopOnSignals(service)
    defer { for source in sources { source.cancel() } }
    if options.watchesInput { stopAtEndOfInput(service) }
    chores(settings, store, feed, logger)
    if options.isOnce { return try service.runOnce(closingDays: options.closesDays) }
    let timer = DispatchSource.makeTimerSource()
    timer.schedule(deadline: .now() + choreInterval, repeating: choreInterval)
    timer.setEventHandler { chores(settings, store, feed, logger) }
    timer.resume()
    defer { timer.cancel() }
    logger.info("delivering", metadata: ["sinks": "\(plans.count)"])
    try service.run()
    return []
  }

  /// A damaged file is set aside: cursors are lost then, and receivers are sent again what is within
  /// the backlog, under the ids they know.
  ///
  /// A full disk is waited for, except where the server starts this process again anyway.
  private static func openStore(
    _ settings: Settings, _ logger: Logger, waits: Bool
  ) throws -> DeliveryStore {
    let path = "\(settings.dataDirectory)/\(DeliveryStore.fileName)"
    var isSaid = false
    while waits {
      do {
        return try openOrReplace(path, logger)
      } catch {
        guard diskTroubles.contains(where: "\(error)".contains) else { throw error }
        if !isSaid { logger.error("\(path): \(error); free some space, it is tried again") }
        isSaid = true
        sleep(diskPause)
      }
    }
    return try openOrReplace(path, logger)
  }

  /// What SQLite says when there is no room for its files (SQLITE_IOERR, SQLITE_FULL).
  private static let diskTroubles = ["disk I/O error", "disk is full"]
  /// Seconds between two tries then.
  private static let diskPause: UInt32 = 2

  private static func openOrReplace(_ path: String, _ logger: Logger) throws -> DeliveryStore {
    do {
      return try DeliveryStore(path: path)
    } catch {
      guard "\(error)".contains("malformed") || "\(error)".contains("not a database") else {
        throw error
      }
      logger.error("\(path) is damaged and set aside; receivers get repeats: \(error)")
      for suffix in ["", "-wal", "-shm"] { rename(path + suffix, path + ".damaged" + suffix) }
      return try DeliveryStore(path: path)
    }
  }

  private static func stopOnSignals(
    _ service: DeliveryService
  ) -> [any DispatchSourceSignal] {
    [SIGTERM, SIGINT, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { service.stop() }
      source.resume()
      return source
    }
  }

  private static func stopAtEndOfInput(_ service: DeliveryService) {
    Thread.detachNewThread {
      var octet: UInt8 = 0
      while true {
        let count = read(0, &octet, 1)
        if count == 0 || (count < 0 && errno != EINTR) { break }
      }
      service.stop()
    }
  }

  /// Deletes what is too old, or was erased from the evidence.
  private static func chores(
    _ settings: Settings, _ store: DeliveryStore, _ feed: any RecordFeed, _ logger: Logger
  ) {
    let now = UTCClock.microseconds()
    do {
      try store.prune(now: now)
      if settings.recipients.contains(where: \.taxii) {
        try TAXIIStore(path: "\(settings.dataDirectory)/\(TAXIIStore.fileName)").sweep(feed)
      }
    } catch {
      logger.warning("delivery: old data not deleted: \(error)")
    }
    let kept = now - Int64(ReportFolder.retentionDays) * 86_400_000_000
    ReportFolder.prune(
      dataDirectory: settings.dataDirectory, firstDayKept: UTCTime.day(microseconds: kept))
  }
}

/// Makes sure that one process at a time delivers from a data directory.
struct DeliveryLock {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Parameter waits: whether a server that is being replaced may hold it for a while.
  init(directory: String, waits: Bool) throws {
    let path = "\(directory)/delivery.lock"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw DeliveryMapping.Problem(
        description: "cannot open \(path): \(String(cString: strerror(errno)))")
    }
    for _ in 0..<(waits ? 240 : 1) {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
      if waits { Thread.sleep(forTimeInterval: 0.25) }
    }
    close(descriptor)
    throw DeliveryMapping.Problem(
      description: "another process delivers from \(directory): the server does so by itself; "
        + "stop it first")
  }

  func release() {
    // Closing alone would leave the lock to a child that is between fork and exec just now.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
