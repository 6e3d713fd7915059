import Synchronization

/// Small numbers for families, so that hits are counted by family without looking names up.
///
/// A family keeps its number as long as the process lives: its counter outlasts every index. The
/// numbers are bounded, whatever lists bring; families beyond them share the number of `other`.
public enum FamilyNumbers {
  /// How many numbers there are, that of `other` included.
  public static let capacity = 256
  /// The number of all families that have none of their own.
  public static let other: UInt8 = 0

  private struct State {
    var numbers: [String: UInt8] = [:]
    var names = ["other"]
  }

  private static let state = Mutex(State())

  /// The number of a family, given to it the first time.
  public static func number(of family: String) -> UInt8 {
    state.withLock { state in
      if let known = state.numbers[family] { return known }
      guard state.names.count < capacity, family != "other" else { return other }
      let number = UInt8(state.names.count)
      state.numbers[family] = number
      state.names.append(family)
      return number
    }
  }

  /// The families by their numbers.
  public static var names: [String] { state.withLock { $0.names } }
}
