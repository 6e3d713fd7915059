import Evidence
import Foundation

/// Moves damaged files out of the way, under names that say when; deletes nothing.
package enum SetAside {
  /// Moves a database with its `-wal` and `-shm`; returns its new path, nil when it cannot be
  /// moved.
  package static func database(_ path: String, now: Int64) -> String? {
    guard let aside = file(path, now: now) else { return nil }
    // Named after the moved database, so that sqlite3 finds them beside it.
    for suffix in ["-wal", "-shm"] { rename(path + suffix, aside + suffix) }
    return aside
  }

  /// Moves one file to `<path>.damaged-<UTC time>`; returns its new path.
  static func file(_ path: String, now: Int64) -> String? {
    let stamp = UTCTime.rfc3339(seconds: now / UTCTime.microsecondsPerSecond)
      .filter { $0 != "-" && $0 != ":" }
    var aside = "\(path).damaged-\(stamp)"
    var number = 1
    while access(aside, F_OK) == 0 {
      number += 1
      aside = "\(path).damaged-\(stamp)-\(number)"
    }
    return rename(path, aside) == 0 ? aside : nil
  }
}
