import Foundation
import Hummingbird

/// A query whose way through the server is to be told.
package struct ExplainQuery: Sendable, Equatable {
  /// The name asked for.
  package var name: String
  /// The type, `A` and so on.
  package var type = "A"
  /// The client's address.
  package var client: String
  /// The listening address it asks, `ADDR:PORT`; nil for the first.
  package var listener: String?
  /// `udp`, `tcp`, `dot` or `doh`.
  package var transport = "udp"
  /// Unix seconds to ask at, nil for now.
  package var date: Int64?

  /// Describes a query.
  package init(name: String, client: String) {
    self.name = name
    self.client = client
  }

  init(_ parameters: some Sequence<(key: Substring, value: Substring)>) throws(VerbProblem) {
    var fields: [String: String] = [:]
    for (key, value) in parameters {
      fields[String(key)] = String(value).removingPercentEncoding ?? String(value)
    }
    guard let name = fields["name"], let client = fields["client"] else {
      throw VerbProblem(text: "explain needs name= and client=")
    }
    self.init(name: name, client: client)
    type = fields["type"] ?? type
    listener = fields["listener"]
    transport = fields["transport"] ?? transport
    if let text = fields["date"] {
      guard let date = Int64(text) else {
        throw VerbProblem(text: "date= is in seconds since 1970, not '\(text)'")
      }
      self.date = date
    }
  }

  /// The path of the request that asks for it.
  package var path: String {
    var fields = [("name", name), ("type", type), ("client", client), ("transport", transport)]
    if let listener { fields.append(("listener", listener)) }
    if let date { fields.append(("date", "\(date)")) }
    let text = fields.map { "\($0.0)=\(PathText.escaped($0.1))" }.joined(separator: "&")
    return "/explain?\(text)"
  }
}

/// What happens to a query, step by step.
package struct Explanation: Codable, Sendable, Equatable {
  /// One stage of the way.
  package struct Step: Codable, Sendable, Equatable {
    /// Which stage: `view`, `index`, `cache` and so on.
    package var stage: String
    /// What it found, one line each.
    package var found: [String]

    /// Describes a step.
    package init(_ stage: String, _ found: [String]) {
      self.stage = stage
      self.found = found
    }
  }

  /// The query.
  package var query: String
  /// The stages in the order in which they are passed.
  package var steps: [Step] = []
  /// What the client gets: `NOERROR` and so on, `no answer`, or `recursion`.
  package var outcome = ""
  /// The records of the answer section.
  package var answer: [String] = []

  /// An explanation without steps.
  package init(query: String) { self.query = query }

  /// As people read it.
  package var text: String {
    let width = (steps.map(\.stage.count).max() ?? 0) + 2
    func pad(_ label: String) -> String {
      label + String(repeating: " ", count: max(0, width - label.count))
    }
    var lines = [query]
    for step in steps {
      for (number, line) in step.found.enumerated() {
        lines.append("  \(pad(number == 0 ? step.stage : ""))\(line)")
      }
    }
    lines.append("  \(pad("result"))\(outcome)")
    lines += answer.map { "  \(pad(""))\($0)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
