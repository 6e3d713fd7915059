import CheckedYAML
import ListSources

/// The gate every name passes before it is listed: it must not collide with a protected one.
struct NameGate: Sendable {
  private let protected: ProtectedNames

  /// Built-in names, the operator's allow list, and the operator's own zones.
  static func load(_ inputs: GenerationInputs) -> (NameGate, [String]) {
    var protected = ProtectedNames.builtIn
    var problems: [String] = []
    for name in inputs.allowed + inputs.ownZones where !protected.insert(name, .tree) {
      problems.append("policy.allowlist: '\(name)' is no domain name; correct or remove it")
    }
    for path in inputs.allowFiles {
      do throws(SourceProblem) {
        problems += try protected.insert(contentsOf: path).problems.map(\.description)
      } catch {
        problems.append(error.description)
      }
    }
    return (NameGate(protected: protected), problems)
  }

  /// Why a name must not be swallowed; nil when it may be.
  func reason(_ text: Span<UInt8>) -> String? {
    protected.collides(text)?.description
  }
}
