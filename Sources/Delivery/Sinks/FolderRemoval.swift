import Foundation

/// Takes away a folder that was replaced.
enum FolderRemoval {
  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
