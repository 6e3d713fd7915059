import Foundation
import Hummingbird

/// Which answers are to be forgotten.
package enum FlushRange: Sendable, Equatable {
  /// All types of one name.
  case name(String)
  /// A name and all below it.
  case zone(String)
  /// Everything.
  case all
}

/// What a verb did.
package struct VerbResult: Codable, Sendable, Equatable {
  /// One sentence each.
  package var done: [String]
  /// Why nothing was done; empty if something was.
  package var errors: [String]

  /// Describes a result.
  package init(done: [String] = [], errors: [String] = []) {
    self.done = done
    self.errors = errors
  }

  static let notOffered = VerbResult(errors: ["this server does not offer that"])
}

/// Why a question of the operator's cannot be answered.
package struct VerbProblem: Error, Sendable, CustomStringConvertible {
  /// One sentence.
  package let text: String
  package var description: String { text }

  /// Says why.
  package init(text: String) { self.text = text }
}

/// A generation of the index that is on disk.
package struct GenerationEntry: Codable, Sendable, Equatable {
  /// Its number.
  package var generation: String
  /// When it was built, RFC 3339.
  package var built: String
  /// Distinct names.
  package var names: Int
  /// First instant its names do not cover, RFC 3339.
  package var windowTo: String
  /// Whether it is in force.
  package var isInForce: Bool
  /// Why it cannot be used, nil if it can.
  package var problem: String?

  /// Describes a generation.
  package init(
    generation: String, built: String, names: Int, windowTo: String, isInForce: Bool,
    problem: String? = nil
  ) {
    self.generation = generation
    self.built = built
    self.names = names
    self.windowTo = windowTo
    self.isInForce = isInForce
    self.problem = problem
  }
}

extension ControlRouter {
  static func addVerbs(
    to router: Router<BasicRequestContext>, _ source: any ControlSource, verbs: Verbs
  ) {
    router.get("generations") { _, _ in try json(await source.generations()) }
    router.post("flush") { request, _ in
      guard verbs == .all else { return try refused("flush") }
      guard let range = FlushRange(request.uri.queryParameters) else {
        return try json(
          VerbResult(errors: ["say what to flush: name=NAME, zone=NAME or all=1"]),
          status: .badRequest)
      }
      return try answer(await source.flush(range))
    }
    router.post("rollback") { _, _ in
      guard verbs == .all else { return try refused("rollback") }
      return try answer(await source.rollBack())
    }
    router.get("explain") { request, _ in
      guard verbs == .all else { return try refused("explain") }
      do {
        let query = try ExplainQuery(request.uri.queryParameters)
        return try json(try await source.explain(query))
      } catch let problem as VerbProblem {
        return try json(VerbResult(errors: [problem.text]), status: .unprocessableContent)
      }
    }
  }

  private static func refused(_ verb: String) throws -> Response {
    try json(
      ["error": "\(verb) is taken on the control socket only: run `ponor control \(verb)`"],
      status: .forbidden)
  }

  private static func answer(_ result: VerbResult) throws -> Response {
    try json(result, status: result.errors.isEmpty ? .ok : .unprocessableContent)
  }
}

extension FlushRange {
  fileprivate init?(_ parameters: some Sequence<(key: Substring, value: Substring)>) {
    for (key, value) in parameters {
      let text = String(value).removingPercentEncoding ?? String(value)
      switch key {
      case "name": self = .name(text)
      case "zone": self = .zone(text)
      case "all": self = .all
      default: continue
      }
      return
    }
    return nil
  }

  /// The path of the request that asks for it.
  package var path: String {
    switch self {
    case .name(let name): "/flush?name=\(PathText.escaped(name))"
    case .zone(let zone): "/flush?zone=\(PathText.escaped(zone))"
    case .all: "/flush?all=1"
    }
  }
}

/// Text in the query part of a request.
enum PathText {
  static func escaped(_ text: String) -> String {
    let plain = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:")
    return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
  }
}
