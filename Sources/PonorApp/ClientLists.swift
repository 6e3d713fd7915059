import Addressing
import CheckedYAML
import DNSWire
import ListSources
import Policy
import Settings

/// The files that views name, as they were read last: opted-out clients and allowed names.
///
/// An immutable snapshot, as `ZoneSet` is; the supervisor replaces it when a file changes.
struct ClientLists: Sendable {
  /// One file's content; nil entries when it never could be read.
  private struct File<Content: Sendable>: Sendable {
    var status: FileStatus
    var content: Content?
    var problems: [String]
  }

  private var clients: [String: File<AddressSet>] = [:]
  private var names: [String: File<[Name]>] = [:]

  /// Reads what the settings name; a file that is as it was is taken over from `previous`, and one
  /// that cannot be read keeps its former content.
  init(_ settings: Settings, previous: ClientLists? = nil) {
    for path in Set(settings.views.flatMap(\.optOutFiles)) {
      clients[path] = Self.file(path, previous?.clients[path]) { (path) throws(SourceProblem) in
        let (prefixes, report) = try AddressListFile.read(path)
        return (AddressSet(prefixes), report.problems)
      }
    }
    for path in Set(settings.views.flatMap(\.allowlistFiles)) {
      names[path] = Self.file(path, previous?.names[path]) { (path) throws(SourceProblem) in
        var names: [Name] = []
        let report = try NameListFile.read(path) { text in
          let text = String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
          if let name = try? Name(text) { names.append(name) }
        }
        return (names, report.problems)
      }
    }
  }

  private static func file<Content>(
    _ path: String, _ former: File<Content>?,
    _ read: (String) throws(SourceProblem) -> (Content, [SourceProblem])
  ) -> File<Content> {
    // Looked at before reading: what changes meanwhile is seen by the next look.
    let status = FileStatus(path: path)
    if let former, former.status == status { return former }
    do throws(SourceProblem) {
      let (content, problems) = try read(path)
      return File(status: status, content: content, problems: problems.map(\.description))
    } catch {
      let kept = former?.content == nil ? "" : " (its former content stays in force)"
      return File(
        status: status, content: former?.content, problems: ["\(error.description)\(kept)"])
    }
  }

  /// Whether reading again would find something else.
  func needsReload(_ settings: Settings) -> Bool {
    let known = Set(clients.keys).union(names.keys)
    let wanted = Set(settings.views.flatMap { $0.optOutFiles + $0.allowlistFiles })
    guard known == wanted else { return true }
    return clients.values.contains { $0.status != FileStatus(path: $0.status.path) }
      || names.values.contains { $0.status != FileStatus(path: $0.status.path) }
  }

  /// What is wrong with the files, a line each.
  var problems: [String] {
    (clients.values.flatMap(\.problems) + names.values.flatMap(\.problems)).sorted()
  }

  /// Clients in a file.
  func clients(in path: String) -> AddressSet? { clients[path]?.content }

  /// Names in a file.
  func names(in path: String) -> [Name] { names[path]?.content ?? [] }
}
