import Foundation
import Synchronization

/// Why the data directory cannot be given to another process at present.
package enum HitHandoverError: Error, Equatable, CustomStringConvertible {
  /// Hits are kept in memory: they would be lost.
  case inMemory
  /// A ring file could not be renamed or locked.
  case file(String)

  /// One line for people.
  package var description: String {
    switch self {
    case .inMemory:
      "hits wait in memory because they cannot be stored: repair the disk or the database first"
    case .file(let path): "\(path): the ring cannot be handed over"
    }
  }
}

/// Giving the data directory to the next process while this one still answers, and more rings.
extension HitLog {
  /// Ends the writer and gives the directory up; appending goes on.
  ///
  /// The rings get names that the successor takes for left-over ones. It consumes them while this
  /// process appends: ring files are shared memory, and one process appends, one consumes.
  /// Blocks until the writer has ended.
  ///
  /// - Throws: `HitHandoverError`; everything is then as before.
  package func handOver() throws(HitHandoverError) {
    let rings = self.rings + added.withLock { $0 }
    guard rings.allSatisfy({ $0.path != nil }) else { throw .inMemory }
    guard isRunning.load(ordering: .acquiring),
      !isStopping.exchange(true, ordering: .acquiringAndReleasing)
    else { return }
    isHandingOver.store(true, ordering: .releasing)
    wake.signal()
    ended.wait()
    guard !writer.isSpilling else {
      restart()
      throw .inMemory
    }
    let paths = HitLogPaths(dataDirectory: options.dataDirectory)
    for ring in rings {
      let new = "\(paths.rings)/ring-\(ring.identity).retired"
      // A second handover finds the new name in place.
      let isNamed = ring.path.map { rename($0, new) == 0 || access(new, F_OK) == 0 } ?? false
      guard isNamed, RingOwnership.hold(new) || RingOwnership.isHeld(new) else {
        restart()
        throw .file(new)
      }
    }
    lock.withLock { lock in
      lock?.release()
      lock = nil
    }
  }

  /// Takes the directory back after the other process failed.
  ///
  /// - Returns: false when it is in use; the other process then consumes the rings after all.
  package func takeBack() -> Bool {
    let paths = HitLogPaths(dataDirectory: options.dataDirectory)
    do throws(HitLogError) {
      let taken = try DataDirectoryLock.acquire(paths)
      lock.withLock { $0 = taken }
    } catch {
      return false
    }
    restart()
    return true
  }

  private func restart() {
    writer.reattach()
    isHandingOver.store(false, ordering: .releasing)
    isStopping.store(false, ordering: .releasing)
    isRunning.store(false, ordering: .releasing)
    start()
  }

  /// Opens a ring for one more appending thread.
  ///
  /// - Returns: nil when there is neither disk nor memory for it.
  package func addRing() -> HitRing? {
    let paths = HitLogPaths(dataDirectory: options.dataDirectory)
    var directory = RingDirectory(paths: paths, options: options, now: now, log: log)
    guard let ring = directory.additional(from: rings.count) else { return nil }
    added.withLock { $0.append(ring) }
    let consumer = RingConsumer(ring: ring, isRetired: false, cursor: 0)
    shared.incoming.withLock { $0.append(consumer) }
    return ring
  }

  /// Keeps raw hits for another number of days from now on.
  package func keepHits(days: Int) {
    shared.retentionDays.withLock { $0 = days }
  }
}
