import Foundation
package import RPZOut

/// Writes a policy zone as a master file.
package enum PolicyZoneFile {
  private static let piece = 1 << 20

  /// Hands the text of a version to `take`, piece by piece.
  package static func forEachPiece(
    _ version: PolicyZoneVersion, _ take: ([UInt8]) throws -> Void
  ) throws {
    var text = PolicyZoneText(version)
    var hasMore = true
    var buffer: [UInt8] = []
    while hasMore {
      buffer.removeAll(keepingCapacity: true)
      hasMore = try text.append(to: &buffer, atLeast: piece)
      if !buffer.isEmpty { try take(buffer) }
    }
  }

  /// Writes the file under another name first, then renames it: readers see it whole.
  static func write(_ version: PolicyZoneVersion, to path: String) throws {
    let temporary = path + ".new"
    guard FileManager.default.createFile(atPath: temporary, contents: nil) else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: temporary])
    }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: temporary))
    defer { try? file.close() }
    try forEachPiece(version) { try file.write(contentsOf: Data($0)) }
    try file.synchronize()
    guard rename(temporary, path) == 0 else {
      throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
    }
  }
}
