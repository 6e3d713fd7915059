/// What the control plane asks of the server it belongs to.
package protocol ControlSource: Sendable {
  /// The state of the server now.
  func status() async -> ServerStatus
  /// Whether it is fit to serve.
  func health() async -> HealthReport
  /// What a monitoring system collects.
  func metrics() async -> [MetricSample]
  /// A file offered at `/rpz/NAME`; nil for none.
  func download(_ name: String) async -> ControlDownload?
  /// Answers a recipient that fetches; nil when nobody may.
  func fetch(_ request: FetchRequest) async -> FetchAnswer?
  /// Forgets answers.
  func flush(_ range: FlushRange) async -> VerbResult
  /// Puts the generation before the one in force into force.
  func rollBack() async -> VerbResult
  /// The generations there are, newest first.
  func generations() async -> [GenerationEntry]
  /// Tells what would happen to a query; throws `VerbProblem`.
  func explain(_ query: ExplainQuery) async throws -> Explanation
  /// Reads the configuration again and applies what can be applied.
  func reload() async -> ReloadResult
}

extension ControlSource {
  package func download(_ name: String) async -> ControlDownload? { nil }
  package func fetch(_ request: FetchRequest) async -> FetchAnswer? { nil }
  package func flush(_ range: FlushRange) async -> VerbResult { .notOffered }
  package func rollBack() async -> VerbResult { .notOffered }
  package func generations() async -> [GenerationEntry] { [] }
  package func explain(_ query: ExplainQuery) async throws -> Explanation {
    throw VerbProblem(text: "not offered")
  }
}

/// Whether a server is fit to serve: the body of `GET /healthz`.
package struct HealthReport: Codable, Sendable, Equatable {
  /// True: 200, false: 503.
  package var healthy: Bool
  /// Why not; may also hold remarks on a healthy server.
  package var reasons: [String]

  /// Unhealthy exactly when there are reasons, unless said otherwise.
  package init(reasons: [String] = [], healthy: Bool? = nil) {
    self.reasons = reasons
    self.healthy = healthy ?? reasons.isEmpty
  }
}

/// What a reload did: the body of `POST /reload`.
package struct ReloadResult: Codable, Sendable, Equatable {
  /// Settings now in force.
  package var applied: [String]
  /// Settings that changed in the file but take a restart.
  package var needsRestart: [String]
  /// What was wrong; nothing was applied then.
  package var errors: [String]

  /// Describes a reload.
  package init(applied: [String] = [], needsRestart: [String] = [], errors: [String] = []) {
    self.applied = applied
    self.needsRestart = needsRestart
    self.errors = errors
  }
}
