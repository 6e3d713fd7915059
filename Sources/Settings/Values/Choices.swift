package import Addressing

/// Where answers to ordinary names come from.
package enum ResolutionMode: String, CaseIterable, Sendable {
  /// Ask the authoritative servers, from the root down.
  case recursive
  /// Ask the resolvers in `resolution.upstreams`.
  case forward
  /// No resolution: local zones and sinkhole answers only.
  case none
}

/// What happens to a query for a listed name.
package enum FamilyAction: String, CaseIterable, Sendable {
  /// Answer with the sinkhole's addresses and record a hit.
  case sinkhole
  /// Answer that the name does not exist and record a hit.
  case nxdomain
  /// Deny the first names a client asks for, then answer with the sinkhole's addresses.
  case observeThenSinkhole = "observe-then-sinkhole"
  /// Resolve normally and record a hit (shadow mode).
  case observe
  /// Resolve normally, record nothing; the family is not indexed.
  case off
}

/// How much is logged; the names are those of swift-log.
package enum LogLevel: String, CaseIterable, Sendable {
  /// Every step, for developers.
  case trace
  /// What helps to find a fault.
  case debug
  /// What a running server does: start, reload, new index.
  case info
  /// Unusual but normal.
  case notice
  /// Something does not work, service goes on: a bad feed row, a missing word list.
  case warning
  /// Something failed that the operator must see to.
  case error
  /// The server cannot go on.
  case critical
}

/// The shape of a log line.
package enum LogFormat: String, CaseIterable, Sendable {
  /// One readable line.
  case text
  /// One JSON object per line.
  case json
}

/// A number of threads.
package enum ThreadCount: Hashable, Sendable {
  /// One per available processor.
  case auto
  /// This many.
  case count(Int)

  /// The number of threads on a machine with this many processors, at least 1.
  package func resolved(processors: Int) -> Int {
    switch self {
    case .auto: max(1, processors)
    case .count(let count): max(1, count)
    }
  }
}

/// Which families are active.
package enum FamilySelection: Hashable, Sendable {
  /// Every family there is.
  case all
  /// These families, as `family` or `family/variant`.
  case only([String])
}

/// One domain feed.
package struct FeedSource: Hashable, Sendable {
  /// Path of the CSV file.
  package var path: String

  /// A feed at `path`.
  package init(path: String) { self.path = path }
}

/// One local authoritative zone.
package struct ZoneSource: Hashable, Sendable {
  /// The zone's apex, without trailing dot, lower case.
  package var name: String
  /// Path of the master file, or of the copy of a zone with primaries.
  package var file: String?
  /// Where it is transferred from, in the order in which they are tried; empty for a master file.
  package var primaries: [PrimaryAddress] = []
  /// Name of the key that signs requests to the primaries.
  package var tsig: String?
  /// Who may notify beside the primaries.
  package var notifyFrom: [IPPrefix] = []
  /// Who may transfer it from us.
  package var transfer = ZoneTransfer()

  /// A zone `name` read from `file`.
  package init(name: String, file: String? = nil) {
    self.name = name
    self.file = file
  }
}

/// Whether the process is confined.
package enum SandboxChoice: String, Sendable, CaseIterable {
  /// With what the kernel has.
  case auto
  /// Not at all.
  case off
  /// With everything, or the server does not start.
  case required
}
