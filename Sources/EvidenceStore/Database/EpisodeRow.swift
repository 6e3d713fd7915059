package import Evidence
internal import HitLog

/// One stored episode: a suspect and a family.
package struct EpisodeRow: Equatable, Sendable {
  /// Row number.
  package var id: Int64
  /// Row number of the suspect.
  package var suspect: Int64
  /// Family id.
  package var family: String
  /// Number of the case, as stored.
  package var caseNumber: CaseNumber
  /// First lookup ever, microseconds since 1970: what the identifier is made from.
  package var first: Int64
  /// Last lookup, microseconds since 1970.
  package var last: Int64
  /// Number of the first hit that was folded in.
  package var firstHit: Int64
  /// Number of the last.
  package var lastHit: Int64
  /// A day whose counts changed since its record was sent, days since 1970.
  package var openDay: Int64?
  /// Whether it has not been closed.
  package var isOpen: Bool
  /// Gate as of the last scoring.
  package var gate: InfectionRecord.Gate
  /// Probability as of the last scoring.
  package var confidence: Double
  /// How the client relates to the devices behind it, as of the last lookup.
  package var scope: InfectionRecord.Scope
  /// Devices behind it, about.
  package var devices: Int
  /// Lookups whose transport verified the address.
  package var verified: Int64
  /// The folded evidence.
  package var state: EpisodeState
}

extension EpisodeRow {
  static let columns = """
    id, suspect, family, case_number, first, last, first_hit, last_hit, open_day, is_open, gate,
    confidence, scope, devices, verified, state
    """

  /// Reads a row of `columns`.
  ///
  /// A state that cannot be read (another version wrote it) begins anew: later lookups count,
  /// `ponor evidence rebuild` brings the earlier ones back.
  init(_ row: SQLStatement) {
    id = row.int(0)
    suspect = row.int(1)
    family = row.text(2)
    caseNumber = CaseNumber(stored: row.int(3))
    first = row.int(4)
    last = row.int(5)
    firstHit = row.int(6)
    lastHit = row.int(7)
    openDay = row.optionalInt(8)
    isOpen = row.int(9) != 0
    gate = .stored(row.int(10))
    confidence = row.double(11)
    scope = .stored(row.int(12))
    devices = Int(row.int(13))
    verified = row.int(14)
    state = EpisodeState(decoding: row.blob(15)) ?? EpisodeState()
  }
}

extension InfectionRecord.Gate {
  /// The gate of a rank; the lowest for one that is none.
  static func stored(_ rank: Int64) -> Self { allCases.first { $0.rank == rank } ?? .recorded }
}

extension InfectionRecord.Scope {
  private static let order: [Self] = [.line, .shared, .forwarder]
  /// The scope of a stored number.
  static func stored(_ number: Int64) -> Self {
    order.indices.contains(Int(number)) ? order[Int(number)] : .line
  }
  /// How it is stored.
  var stored: Int64 { Int64(Self.order.firstIndex(of: self) ?? 0) }
}
