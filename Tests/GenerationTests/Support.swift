import DGAKit
import DNSWire
import DomainIndex
import Foundation
import Generation

/// A directory for one test, which removes it when done.
struct TemporaryDirectory {
  let path = FileManager.default.temporaryDirectory.appending(path: "ponor-\(UUID())").path

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and the directories above it, and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let file = URL(filePath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file.path
  }
}

func day(_ text: String) -> Instant { Instant(text) ?? Instant(unixSeconds: 0) }
