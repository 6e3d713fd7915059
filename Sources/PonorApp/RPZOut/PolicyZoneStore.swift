import DNSWire
import DomainIndex
import Foundation
package import RPZOut
package import Settings

/// What is kept on disk of the policy zones: notes on their versions, and the lists of names those
/// versions are made from.
package struct PolicyZoneStore: Sendable {
  private let directory: String
  private let files: IndexFiles

  /// The store in a data directory.
  package init(dataDirectory: String) {
    directory = dataDirectory + "/rpz"
    files = IndexFiles(dataDirectory: dataDirectory)
  }

  /// A zone with the versions that are kept of it; without any when there are none.
  ///
  /// - Throws: `PolicyZoneError` when a list is damaged although it was whole when it was opened.
  package func open(_ zone: RPZOutZone, _ settings: Settings) throws -> PolicyZone? {
    guard let form = zone.form(settings) else { return nil }
    let result = PolicyZone(apex: form.apex)
    var lists: [UInt64: NameList] = [:]
    try result.restore(memos(of: zone.name), form: form) { generation in
      if lists[generation] == nil { lists[generation] = list(of: generation) }
      return lists[generation]
    }
    return result
  }

  /// The names of a generation, nil if there are none that can be read.
  func list(of generation: UInt64) -> NameList? {
    try? NameList(path: files.namesPath(of: generation))
  }

  private func notePath(_ name: String) -> String {
    // The only character of a zone's name that may not stand in a file's.
    "\(directory)/\(name.replacing("/", with: "%2F")).versions"
  }

  private func memos(of name: String) -> [PolicyZone.Memo] {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: notePath(name))) else { return [] }
    return (try? JSONDecoder().decode([PolicyZone.Memo].self, from: data)) ?? []
  }

  /// Notes the versions of a zone.
  func save(_ zone: PolicyZone, as name: String) throws {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try encoder.encode(zone.memos).write(
      to: URL(fileURLWithPath: notePath(name)), options: .atomic)
  }

  /// Deletes the lists that no version of these zones is made from, but not those of `current`.
  func prune(_ zones: [PolicyZone], current: UInt64) {
    let needed = Set(zones.flatMap { $0.memos.map(\.generation) })
    for generation in files.namedGenerations where generation < current {
      guard !needed.contains(generation) else { continue }
      try? FileManager.default.removeItem(atPath: files.namesPath(of: generation))
    }
  }
}
