package import Addressing

extension Settings {
  /// Limits on responses over UDP (RRL).
  package struct RateLimit: Equatable, Sendable {
    /// Same answers to one block of clients, per second; 0 = no limit.
    package var responsesPerSecond = 0
    /// NODATA of one zone; nil = as responses.
    package var nodataPerSecond: Int?
    /// NXDOMAIN of one zone; nil = as responses.
    package var nxdomainsPerSecond: Int?
    /// Errors; nil = as responses.
    package var errorsPerSecond: Int?
    /// All responses together; 0 = no limit.
    package var allPerSecond = 0
    /// Time over which excess is remembered.
    package var window = Duration.seconds(15)
    /// Every n-th response over its limit is sent with TC=1.
    package var slip = 2
    /// Bits IPv4 clients of a block share.
    package var ipv4Prefix = 24
    /// Bits IPv6 clients of a block share.
    package var ipv6Prefix = 56
    /// Clients without limits.
    package var exempt: [IPPrefix] = []
    /// Whether limits are only counted.
    package var logOnly = false
    /// Memory of the table.
    package var tableSize = ByteCount.mebibytes(1)
  }

  /// Limit on queries of one client.
  package struct QueryLimit: Equatable, Sendable {
    /// Queries per second; 0 = no limit.
    package var queriesPerSecond = 0
    /// What happens to queries over the limit.
    package var action = QueryLimitAction.refuse
    /// Bits IPv4 clients of a block share.
    package var ipv4Prefix = 32
    /// Bits IPv6 clients of a block share.
    package var ipv6Prefix = 56
    /// Clients without limit.
    package var exempt: [IPPrefix] = []
  }

  /// Limits on recursion.
  package struct RecursionLimit: Equatable, Sendable {
    /// Questions of one client being resolved; 0 = no limit.
    package var outstandingPerClient = 1_000
    /// Questions for one zone being resolved; 0 = no limit.
    package var outstandingPerZone = 1_000
    /// Distinct failing names of one zone that start protection; 0 = off.
    package var failingNames = 500
    /// Failing names of one zone per second that are forgiven.
    package var failingNamesPerSecond = 20
    /// Distinct nonexistent names of one zone that start protection; 0 = off.
    package var nonexistentNames = 0
    /// Nonexistent names of one zone per second that are forgiven.
    package var nonexistentNamesPerSecond = 200
    /// How long protection lasts at least.
    package var protection = Duration.seconds(60)
    /// Zones without limits.
    package var exempt: [String] = []
  }
}

/// What happens to a query over its client's limit.
package enum QueryLimitAction: String, CaseIterable, Sendable {
  /// It is answered REFUSED.
  case refuse
  /// It is not answered.
  case drop
}

extension Settings.RateLimit {
  private static let rate = ValueKind<Int>.integer(0...10_000, unit: "per second")

  static let section = Section(
    key: "rate_limit",
    summary: "Response rate limiting over UDP: forged queries must not turn us into a reflector.",
    options: [
      Option(
        "rate_limit.responses_per_second", \.rateLimit.responsesPerSecond, rate, .reload,
        "Same answers (name and type) to one block of clients; 0 sets no limit.",
        details: """
          For servers that answer strangers; 5 to 20 is usual. TCP and clients with a DNS cookie \
          are never limited.
          """),
      Option(
        "rate_limit.nodata_per_second", \.rateLimit.nodataPerSecond,
        .optional(rate, word: "same"), .reload,
        "Answers without such data, per zone; same means as responses_per_second."),
      Option(
        "rate_limit.nxdomains_per_second", \.rateLimit.nxdomainsPerSecond,
        .optional(rate, word: "same"), .reload,
        "NXDOMAIN answers, per zone; same means as responses_per_second."),
      Option(
        "rate_limit.errors_per_second", \.rateLimit.errorsPerSecond,
        .optional(rate, word: "same"), .reload,
        "REFUSED, SERVFAIL, FORMERR and the like; same means as responses_per_second."),
      Option(
        "rate_limit.all_per_second", \.rateLimit.allPerSecond, rate, .reload,
        "All responses to one block of clients together; 0 sets no limit.",
        details: "Several times responses_per_second. These are dropped, never slipped."),
      Option(
        "rate_limit.window", \.rateLimit.window, .duration(.seconds(1)...(.seconds(3_600))),
        .reload, "Time after which a block that has gone quiet has its full rate again."),
      Option(
        "rate_limit.slip", \.rateLimit.slip, .integer(0...10), .reload,
        "Every n-th response over its limit is sent empty with TC=1, so that a real client asks "
          + "over TCP; 0 drops all.",
        details: "1 answers everything so: no reflection left, but the victim still gets packets."),
      Option(
        "rate_limit.ipv4_prefix", \.rateLimit.ipv4Prefix, .integer(8...32, unit: "bits"), .reload,
        "IPv4 clients that share these bits share the limits."),
      Option(
        "rate_limit.ipv6_prefix", \.rateLimit.ipv6Prefix, .integer(16...128, unit: "bits"),
        .reload, "IPv6 clients that share these bits share the limits."),
      Option(
        "rate_limit.exempt", \.rateLimit.exempt, .list(of: .prefix), .reload,
        "Clients without limits."),
      Option(
        "rate_limit.log_only", \.rateLimit.logOnly, .flag, .reload,
        "Only count what would have been held back (response_trial), to find good values."),
      Option(
        "rate_limit.table_size", \.rateLimit.tableSize,
        .size(ByteCount(64 << 10)...(.mebibytes(1_024))), .restart,
        "Memory for what is counted, 8 octets for each client and answer."),
    ])
}

extension Settings.QueryLimit {
  static let section = Section(
    key: "query_limit", summary: "How much one client may ask, over all transports.",
    options: [
      Option(
        "query_limit.queries_per_second", \.queryLimit.queriesPerSecond,
        .integer(0...10_000, unit: "per second"), .reload,
        "Queries of one client; 0 sets no limit.",
        details: "A client that has been quiet may ask one second's worth at once."),
      Option(
        "query_limit.action", \.queryLimit.action, .choice, .reload,
        "Answer queries over the limit REFUSED, or not at all."),
      Option(
        "query_limit.ipv4_prefix", \.queryLimit.ipv4Prefix, .integer(8...32, unit: "bits"),
        .reload, "IPv4 addresses that share these bits are one client."),
      Option(
        "query_limit.ipv6_prefix", \.queryLimit.ipv6Prefix, .integer(16...128, unit: "bits"),
        .reload, "IPv6 addresses that share these bits are one client, here and in recursion_limit."
      ),
      Option(
        "query_limit.exempt", \.queryLimit.exempt, .list(of: .prefix), .reload,
        "Clients without limit."),
    ])
}

extension Settings.RecursionLimit {
  static let section = Section(
    key: "recursion_limit",
    summary: "What one client or one zone may take of the recursion; see resolution.outstanding.",
    options: [
      Option(
        "recursion_limit.outstanding_per_client", \.recursionLimit.outstandingPerClient,
        .integer(0...1_000_000), .reload,
        "Questions of one client being resolved at a time; 0 sets no limit.",
        details: "Clients are told apart as in query_limit. Beyond it they get SERVFAIL."),
      Option(
        "recursion_limit.outstanding_per_zone", \.recursionLimit.outstandingPerZone,
        .integer(0...1_000_000), .reload,
        "Questions for names of one zone being resolved at a time; 0 sets no limit."),
      Option(
        "recursion_limit.failing_names", \.recursionLimit.failingNames, .integer(0...100_000),
        .reload,
        "Different names of one zone that fail (SERVFAIL, time-outs) before it is protected; 0 is off.",
        details: """
          A protected zone has no unknown names resolved: they get SERVFAIL. Names in the cache, \
          and names that resolved within the last day, are answered as ever.
          """),
      Option(
        "recursion_limit.failing_names_per_second", \.recursionLimit.failingNamesPerSecond,
        .integer(1...10_000, unit: "per second"), .reload,
        "Failing names of one zone that are forgiven."),
      Option(
        "recursion_limit.nonexistent_names", \.recursionLimit.nonexistentNames,
        .integer(0...100_000), .reload,
        "Different names of one zone that do not exist (NXDOMAIN) before it is protected; 0 is off.",
        details: "Block lists asked over DNS answer so all day: list them in exempt first."),
      Option(
        "recursion_limit.nonexistent_names_per_second",
        \.recursionLimit.nonexistentNamesPerSecond, .integer(1...10_000, unit: "per second"),
        .reload, "Nonexistent names of one zone that are forgiven."),
      Option(
        "recursion_limit.protection", \.recursionLimit.protection,
        .duration(.seconds(1)...(.seconds(3_600))), .reload,
        "How long a zone stays protected at least."),
      Option(
        "recursion_limit.exempt", \.recursionLimit.exempt, .list(of: .domainName), .reload,
        "Zones without limits, with all below them."),
    ])
}
