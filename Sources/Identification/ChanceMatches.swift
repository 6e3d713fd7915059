/// How many matches accident alone gives.
package enum ChanceMatches {
  /// The probability that at least `least` of many rare events happen, `mean` being expected
  /// (Poisson).
  package static func tail(mean: Double, atLeast least: Int) -> Double {
    guard least > 0 else { return 1 }
    guard mean > 0 else { return 0 }
    guard mean < 50 else { return least <= Int(mean) ? 1 : 0 }
    // The first terms' sum would cancel for rare events: add up the terms from `least` on.
    var term = exp2(-mean * 1.4426950408889634)
    for count in 1...least { term *= mean / Double(count) }
    var sum = 0.0
    var count = least
    while term > sum * 1e-12, count < least + 500 {
      sum += term
      count += 1
      term *= mean / Double(count)
    }
    return min(1, sum)
  }

  /// How many of `tries` lists are expected to have at least `matches` observed names by accident,
  /// one of them among their first `depth` names.
  ///
  /// `perName` is the probability that one name of the algorithm is an observed one.
  package static func expected(
    tries: Double, perName: Double, depth: Int, listLength: Int, matches: Int
  ) -> Double {
    let first = min(1, perName * Double(depth))
    return tries * first
      * tail(mean: perName * Double(listLength), atLeast: max(0, matches - 1))
  }
}
