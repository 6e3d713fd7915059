/// How the process runs, as an operator of the machine wants to know it.
package struct OperationStatus: Codable, Sendable, Equatable {
  /// The user it runs as.
  package var user: String
  /// What confines it; empty when nothing does.
  package var sandbox: [String]
  /// Where DNS is answered.
  package var listening: [String] = []
  /// Sockets that came from the service manager or from the server before.
  package var inheritedSockets: Int
  /// Why the server is unfit; empty while it is fit.
  package var unfit: [String] = []

  /// Describes a process.
  package init(user: String, sandbox: [String], inheritedSockets: Int) {
    self.user = user
    self.sandbox = sandbox
    self.inheritedSockets = inheritedSockets
  }
}

extension StatusText {
  static func operation(_ status: OperationStatus) -> [String] {
    let confined =
      status.sandbox.isEmpty ? "not confined" : status.sandbox.joined(separator: "; ")
    let inherited = status.inheritedSockets
    let sockets = inherited > 0 ? ", \(inherited) sockets inherited" : ""
    let health =
      status.unfit.isEmpty ? "fit to serve" : "UNFIT: " + status.unfit.joined(separator: "; ")
    return [
      line("health", health), line("process", "user \(status.user), \(confined)"),
      line("listening", status.listening.joined(separator: " ") + sockets),
    ]
  }
}
