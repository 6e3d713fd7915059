import DNSWire
import ListSources
import Settings
import Transfers

/// What is known of policy zones that are copies of what other servers have.
struct PolicyCopies {
  /// How often each was transferred since the start.
  private var versions: [Name: Int64] = [:]
  /// Those whose primaries could not be asked for too long (RFC 1035 §3.3.13).
  private var expired: Set<Name> = []
  /// Whether one has expired, or is current again, since this was last looked at.
  private var isNews = false

  /// Where the copy of a zone stands.
  static func path(of apex: Name, in directory: String) -> String {
    FileNames.path(of: apex, in: directory)
  }

  /// Notes that a new copy stands in its file.
  mutating func noteTransfer(_ apex: Name) {
    versions[apex, default: 0] += 1
    noteExpired(apex, false)
  }

  /// Notes that the rules of a copy must not be used any more, or may again.
  mutating func noteExpired(_ apex: Name, _ isExpired: Bool) {
    guard expired.contains(apex) != isExpired else { return }
    if isExpired { expired.insert(apex) } else { expired.remove(apex) }
    isNews = true
  }

  /// Whether the rules in force must be put together anew; asked once.
  mutating func takeNews() -> Bool {
    defer { isNews = false }
    return isNews
  }

  /// Whether the rules of a zone may be used, as far as its age goes.
  func isUsable(_ source: RPZSource, _ apex: Name) -> Bool {
    source.primaries.isEmpty || !expired.contains(apex)
  }

  /// What tells one version of a zone from the next: the file's state, or for a copy the count of
  /// transfers, since its file is written to at each check.
  func stamp(_ source: RPZSource, _ apex: Name, at path: String) -> FileStatus {
    var stamp = FileStatus(path: path)
    guard !source.primaries.isEmpty else { return stamp }
    stamp.modified = versions[apex] ?? 0
    stamp.changed = 0
    return stamp
  }
}
