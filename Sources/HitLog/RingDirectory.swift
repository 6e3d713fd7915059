import Evidence
import Foundation

/// Finds, opens and creates the ring files of a data directory.
struct RingDirectory {
  private let paths: HitLogPaths
  private let options: HitLogOptions
  private let now: MicrosecondClock
  private let log: HitLogSink
  /// Files set aside because they could not be read as rings.
  private(set) var damagedRings = 0
  private var isMemorySaid = false

  init(
    paths: HitLogPaths, options: HitLogOptions, now: @escaping MicrosecondClock,
    log: @escaping HitLogSink
  ) {
    self.paths = paths
    self.options = options
    self.now = now
    self.log = log
  }

  /// Opens the rings of the workers, in order, and then those that nobody appends to any more.
  ///
  /// - Parameter cursors: stored positions by ring identity.
  mutating func open(cursors: [String: UInt64]) -> [RingConsumer] {
    var consumers: [RingConsumer] = []
    var retired: [HitRing] = []
    for index in 0..<options.ringCount {
      if let ring = worker(index, retired: &retired) {
        consumers.append(consumer(ring, isRetired: false, cursors: cursors))
      }
    }
    let known = Set((consumers.map(\.ring) + retired).compactMap(\.path))
    for path in leftOver() where !known.contains(path) {
      guard let ring = existing(path, index: -1) else { continue }
      // A recovery without workers leaves the rings to the next server.
      if options.ringCount == 0, path.hasSuffix(".hits") {
        consumers.append(consumer(ring, isRetired: false, cursors: cursors))
      } else {
        retired.append(ring)
      }
    }
    for ring in retired { consumers.append(consumer(ring, isRetired: true, cursors: cursors)) }
    let lost = consumers.reduce(0) { $0 + $1.lost }
    if lost > 0 { log(.error, "\(paths.rings): \(lost) hits of an earlier run are lost") }
    return consumers
  }

  private func consumer(
    _ ring: HitRing, isRetired: Bool, cursors: [String: UInt64]
  ) -> RingConsumer {
    RingConsumer(
      ring: ring, isRetired: isRetired, cursor: cursors[ring.identity.description])
  }

  // MARK: - One ring

  /// The ring of a worker: the one it had, a new one, or one in memory.
  private mutating func worker(_ index: Int, retired: inout [HitRing]) -> HitRing? {
    let path = paths.ring(index)
    if let ring = existing(path, index: index) {
      if ring.capacity == UInt64(RingFormat.capacity(bytes: options.ringBytes)) { return ring }
      guard let old = retire(ring, path: path) else { return ring }
      retired.append(old)
    }
    do throws(RingError) {
      return try HitRing.create(path: path, index: index, byteCount: options.ringBytes)
    } catch {
      return inMemory(index, because: error)
    }
  }

  /// A ring of another size gives up its name, is drained and then deleted.
  private func retire(_ ring: HitRing, path: String) -> HitRing? {
    let old = "\(paths.rings)/ring-\(ring.identity).retired"
    guard rename(path, old) == 0 else { return nil }
    return try? HitRing.recover(path: old, index: -1)
  }

  private mutating func existing(_ path: String, index: Int) -> HitRing? {
    guard access(path, F_OK) == 0 else { return nil }
    do throws(RingError) {
      if RingOwnership.isHeld(path) { return try HitRing.observe(path: path) }
      return try HitRing.recover(path: path, index: index)
    } catch {
      guard case .damaged = error else {
        log(.error, "\(error); its hits stay in the file")
        return nil
      }
      damagedRings += 1
      let aside = SetAside.file(path, now: now())
      log(.error, "\(error); \(aside.map { "moved to \($0)" } ?? "it cannot be moved")")
      return nil
    }
  }

  /// One more ring for a server that runs; nil when there can be none, not even in memory.
  mutating func additional(from first: Int) -> HitRing? {
    for index in first..<(first + RingDirectory.numbersTried) {
      guard access(paths.ring(index), F_OK) != 0 else { continue }
      do throws(RingError) {
        return try HitRing.create(
          path: paths.ring(index), index: index, byteCount: options.ringBytes)
      } catch {
        return inMemory(index, because: error)
      }
    }
    return nil
  }

  /// Numbers of rings that are tried before a server with too many files gives up.
  private static let numbersTried = 1024

  private mutating func inMemory(_ index: Int, because error: RingError) -> HitRing? {
    if !isMemorySaid {
      isMemorySaid = true
      log(
        .warning,
        "\(error); hits are buffered in memory only and do not survive a crash")
    }
    return HitRing.inMemory(index: index, byteCount: options.ringBytes)
  }

  /// Ring files that are not those of the workers.
  private func leftOver() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: paths.rings)) ?? []
    return names.sorted().filter {
      $0.hasPrefix("ring-") && ($0.hasSuffix(".hits") || $0.hasSuffix(".retired"))
    }.map { paths.rings + "/" + $0 }
  }
}
