package import Evidence

/// Explains what the index stored with a name; given by the app, asked by the hit writer only.
package protocol ProvenanceSource: Sendable {
  /// The generators that produce a name, first the one the index names first.
  ///
  /// Called on the writer's thread, once per (generation, payload) that is not in its cache.
  /// - Parameters:
  ///   - generation: identity of the index generation that gave the verdict.
  ///   - payload: what that index stored with the name.
  /// - Returns: the matches; empty when the generation is unknown or gone. The hit is then kept
  ///   under the family `unknown` together with generation and payload.
  func matches(generation: UInt64, payload: UInt64) -> [ProvenanceMatch]

  /// Takes a payload apart that stands for one place of one list.
  ///
  /// Called on the writer's thread for every hit.
  /// - Returns: nil when the name has several matches or the generation is unknown.
  func place(generation: UInt64, payload: UInt64) -> ListPlace?
}

extension ProvenanceSource {
  /// A source that cannot take payloads apart: each is explained by itself.
  package func place(generation: UInt64, payload: UInt64) -> ListPlace? { nil }
}

/// One place of one list: what tells a payload from the others of its list is the ordinal alone.
package struct ListPlace: Sendable, Equatable {
  /// Equal for all payloads of a list, different for those of other lists of the generation.
  package let list: UInt64
  /// The place in the malware's own order.
  package let ordinal: UInt32

  /// Names a place.
  package init(list: UInt64, ordinal: UInt32) {
    self.list = list
    self.ordinal = ordinal
  }
}

/// How grave a line of the hit log is.
package enum HitLogLevel: String, Sendable {
  /// A state went back to normal, or something worth knowing happened once.
  case notice
  /// Something works in a lesser way than it should.
  case warning
  /// Something is lost, or cannot be stored at present.
  case error
}

/// Where the hit log says, in one line per change of state, what happened.
package typealias HitLogSink = @Sendable (HitLogLevel, String) -> Void

/// Reads the wall clock: microseconds since 1970-01-01T00:00:00Z.
package typealias MicrosecondClock = @Sendable () -> Int64

/// What can be set about rings, writer and retention.
package struct HitLogOptions: Sendable {
  /// Directory of database, rings and lock; made when it is missing.
  package var dataDirectory: String
  /// Rings to open, one for each thread that appends.
  package var ringCount: Int
  /// Size of one ring file, octets; at least one record, default 64 MiB.
  package var ringBytes = HitRing.defaultBytes
  /// Longest wait between two drains, milliseconds.
  package var drainIntervalMilliseconds = 200
  /// Raw hits are deleted when this old, days (DESIGN.md §6).
  package var hitRetentionDays = 7
  /// Infection aggregates are deleted this long after their last hit, days.
  package var infectionRetentionDays = 90

  /// Options with the defaults for a directory.
  package init(dataDirectory: String, ringCount: Int) {
    self.dataDirectory = dataDirectory
    self.ringCount = ringCount
  }
}

/// Files of the hit log in a data directory.
package struct HitLogPaths: Sendable {
  /// The data directory.
  package let dataDirectory: String

  /// Paths below a data directory.
  package init(dataDirectory: String) { self.dataDirectory = dataDirectory }

  /// The database.
  package var database: String { dataDirectory + "/ponor.sqlite" }
  /// The file whose lock says that a server uses the directory.
  package var lock: String { dataDirectory + "/lock" }
  /// The directory of the ring files.
  package var rings: String { dataDirectory + "/hits" }
  /// The file of ring `index`.
  package func ring(_ index: Int) -> String { rings + "/ring-\(index).hits" }
}
