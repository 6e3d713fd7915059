import Delivery
package import Evidence
import EvidenceStore
package import Settings

/// Opens the feed of records.
package enum FeedAccess {
  /// The feed of a data directory, or of a file of canonical JSON lines.
  ///
  /// - Throws: an error that says what to do.
  package static func open(
    _ settings: Settings, file: String?, now: Int64
  ) throws -> any RecordFeed {
    if let file { return try RecordFileFeed(path: file, now: now) }
    return StoredFeed(dataDirectory: settings.dataDirectory)
  }
}
