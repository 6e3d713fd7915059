import EvidenceStore
import Foundation
import Settings

/// Notes in the evidence store who was told about people.
struct AuditTrail: Sendable {
  private let path: String

  init(_ settings: Settings) {
    path = EvidencePaths(dataDirectory: settings.dataDirectory).database
  }

  /// Adds a note; without evidence there is nobody to note anything about.
  ///
  /// The store is opened for each note: there are few, and none is held while the server puts
  /// another file in its place.
  func note(_ entry: AuditEntry) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    try? EvidenceDatabase(path: path).audit(entry)
  }
}
