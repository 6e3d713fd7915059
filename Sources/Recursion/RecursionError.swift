/// Why a resolver could not be started.
public enum RecursionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// libunbound does not take this option or value.
  case optionRefused(name: String, value: String, reason: String)
  /// An option of Ponor's own is outside its range.
  case outOfRange(name: String, got: Int, allowed: ClosedRange<Int>)
  /// The options were each accepted, but a context could not be set up with them.
  case setupFailed(reason: String)
  /// The operating system refused something.
  case system(call: String, errno: Int32)

  /// What is shown to people.
  public var description: String {
    switch self {
    case .optionRefused(let name, let value, let reason):
      "recursion: libunbound refused '\(name): \(value)' (\(reason)); correct or remove it"
    case .outOfRange(let name, let got, let allowed):
      "recursion: \(name) is \(got), must be \(allowed.lowerBound) … \(allowed.upperBound)"
    case .setupFailed(let reason):
      "recursion: libunbound could not start: \(reason)"
    case .system(let call, let errno):
      "recursion: \(call) failed with errno \(errno)"
    }
  }
}
