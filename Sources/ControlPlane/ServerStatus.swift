package import FoundationEssentials

/// What a running server says about itself: the body of `GET /status`.
///
/// In JSON the keys are in snake case and instants in RFC 3339, UTC; `ControlJSON` does both.
package struct ServerStatus: Codable, Sendable, Equatable {
  /// The server's version.
  package var version: String
  /// Its process id.
  package var pid: Int32
  /// When it started.
  package var started: Date
  /// Whole seconds since then.
  package var uptimeSeconds: Int
  /// `recursive`, `forward` or `none`.
  package var mode: String
  /// The index being served, nil while there is none.
  package var index: IndexStatus?
  /// Queries since the start.
  package var queries = QueryStatus()
  /// What limits and challenges did, by reason; reasons that never came are left out.
  package var limits: [String: Int] = [:]
  /// Groups of clients that are treated differently, in order.
  package var views: [String] = []
  /// Connections over TCP.
  package var tcp = ConnectionStatus()
  /// Hit records since the start.
  package var hits = HitStatus()
  /// Evidence made of hits, nil when none is made.
  package var evidence: EvidenceStatus?
  /// The answer cache.
  package var cache = CacheStatus()
  /// Queries handed to the recursive resolver.
  package var recursion = RecursionStatus()
  /// Local authoritative zones.
  package var zones: [ZoneStatus] = []
  /// Response policy zones, in their order.
  package var rpz: [PolicyZoneStatus] = []
  /// How the process runs.
  package var operation: OperationStatus?
  /// Policy zones made for other resolvers.
  package var rpzOut: [RPZOutStatus] = []
  /// Messages told to who listens in; nil when nobody does.
  package var dnstap: DnstapStatus?
  /// How infections reach others; nil when nobody is told.
  package var delivery: DeliveryStatus?
  /// What an operator should look at, one sentence each.
  package var warnings: [String] = []

  /// A server that has done nothing yet.
  package init(version: String, pid: Int32, started: Date, uptimeSeconds: Int, mode: String) {
    self.version = version
    self.pid = pid
    self.started = started
    self.uptimeSeconds = uptimeSeconds
    self.mode = mode
  }
}

/// The index generation being served.
package struct IndexStatus: Codable, Sendable, Equatable {
  /// Name of the generation.
  package var generation: String
  /// When it was built.
  package var built: Date
  /// Distinct names.
  package var names = 0
  /// Rows of provenance; a name may have several.
  package var rows = 0
  /// Families with a name in it.
  package var families = 0
  /// First instant its names cover.
  package var windowFrom: Date
  /// First instant they no longer cover.
  package var windowTo: Date
  /// Whole seconds since it was built.
  package var ageSeconds = 0
  /// Size of the file.
  package var bytes = 0
  /// `current`, `stale`, `building` or another word for people.
  package var state: String
  /// Seconds the last build took, nil if this process made none.
  package var buildSeconds: Double?
  /// Indexes built since the start.
  package var builds: Int?
  /// Builds that failed.
  package var failedBuilds: Int?

  /// A generation without names.
  package init(
    generation: String, built: Date, windowFrom: Date, windowTo: Date, state: String = "current"
  ) {
    self.generation = generation
    self.built = built
    self.windowFrom = windowFrom
    self.windowTo = windowTo
    self.state = state
  }
}

/// Queries by transport and by what became of them.
package struct QueryStatus: Codable, Sendable, Equatable {
  /// Over UDP.
  package var udp = 0
  /// Over TCP.
  package var tcp = 0
  /// Over TLS.
  package var dot = 0
  /// Over HTTPS.
  package var doh = 0
  /// Over all transports.
  package var total = 0
  /// By outcome.
  package var byKind = QueryKinds()

  /// No queries.
  package init() {}
}

/// Queries by what became of them.
package struct QueryKinds: Codable, Sendable, Equatable {
  /// Answered with the sinkhole's addresses.
  package var sinkholed = 0
  /// Listed names answered with NXDOMAIN.
  package var nxdomain = 0
  /// Listed names only recorded and resolved normally.
  package var observed = 0
  /// Listed names that collide with a protected one, recorded and resolved normally.
  package var colliding = 0
  /// Answered from the cache.
  package var cacheHit = 0
  /// Handed to the recursive resolver.
  package var recursed = 0
  /// Answered from a local zone.
  package var authoritative = 0
  /// Special-use names and CHAOS questions.
  package var special = 0
  /// REFUSED by the access list.
  package var refused = 0
  /// Unreadable queries.
  package var formerr = 0
  /// Operations not offered.
  package var notimp = 0
  /// Not answered at all: answers sent to us, packets too short.
  package var dropped = 0
  /// Answered, or not answered, as a response policy zone says.
  package var policy = 0
  /// Turned away until the client shows a DNS cookie or comes over TCP.
  package var challenged = 0

  /// No queries.
  package init() {}
}

/// Connections over TCP, those that carry TLS or HTTP included.
package struct ConnectionStatus: Codable, Sendable, Equatable {
  /// Open now.
  package var open = 0
  /// Accepted since the start.
  package var accepted = 0
  /// Refused by the limit on all connections or on one client's.
  package var refused = 0
  /// Closed for a time limit.
  package var timeouts = 0
  /// Closed for wrong framing.
  package var malformed = 0
  /// TLS handshakes that succeeded.
  package var handshakes = 0
  /// Connections that ended before their TLS handshake had.
  package var failedHandshakes = 0
  /// HTTP requests refused.
  package var refusedRequests = 0

  /// No connections.
  package init() {}
}

/// The way of hit records to the database.
package struct HitStatus: Codable, Sendable, Equatable {
  /// Written into the rings.
  package var appended = 0
  /// Rows written into the database.
  package var stored = 0
  /// Repeats counted into a row that existed.
  package var folded = 0
  /// Lost because ring and writer were full.
  package var dropped = 0
  /// Waiting in the rings.
  package var pending = 0
  /// What went wrong last, nil if nothing has.
  package var lastError: String?

  /// No hits.
  package init() {}
}

/// The answer cache.
package struct CacheStatus: Codable, Sendable, Equatable {
  /// Answers held.
  package var entries = 0
  /// Memory they take.
  package var bytes = 0
  /// Look-ups that found an answer.
  package var hits = 0
  /// Look-ups that found none.
  package var misses = 0

  /// An empty cache.
  package init() {}
}

/// The recursive resolver.
package struct RecursionStatus: Codable, Sendable, Equatable {
  /// Queries being resolved.
  package var inFlight = 0
  /// Queries resolved.
  package var finished = 0
  /// Queries refused because too many were in flight.
  package var refused = 0
  /// Queries that ended in SERVFAIL.
  package var servfail = 0

  /// Nothing resolved.
  package init() {}
}

/// One local zone.
package struct ZoneStatus: Codable, Sendable, Equatable {
  /// Its name, with the final dot.
  package var name: String
  /// The serial of its SOA record.
  package var serial: UInt32
  /// Records in it.
  package var records: Int
  /// Why its file could not be loaded, nil if it could.
  package var error: String?
  /// How the copy of a transferred zone stands, nil for a zone of ours.
  package var secondary: SecondaryZoneStatus?

  /// Describes a zone.
  package init(name: String, serial: UInt32, records: Int, error: String? = nil) {
    self.name = name
    self.serial = serial
    self.records = records
    self.error = error
  }
}
