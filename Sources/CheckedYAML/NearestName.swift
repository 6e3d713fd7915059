/// Finds what the operator probably meant by a misspelt key or name.
package enum NearestName {
  /// The candidate nearest to `word`, or nil when none is near enough to be helpful.
  ///
  /// Distance is optimal string alignment (insert, delete, replace, swap of neighbours). A
  /// candidate may differ by a third of the word's length, at least 2 edits. Candidates whose
  /// last dotted part is exactly the word's count as near: `listen` means `server.listen`.
  package static func find(_ word: String, among candidates: [String]) -> String? {
    let letters = Array(word.utf8.prefix(limit))
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let other = Array(candidate.utf8.prefix(limit))
      let distance = distance(letters, other)
      guard distance < best?.distance ?? (max(2, letters.count / 3) + 1) else { continue }
      // Two edits turn any two-letter word into any other: that is no likeness.
      guard distance < max(letters.count, other.count) else { continue }
      best = (candidate, distance)
    }
    if let best, best.distance <= 2 { return best.name }
    let leaf = lastPart(word)
    return candidates.first { lastPart($0) == leaf } ?? best?.name
  }

  /// Longest name compared; longer ones are cut, so that garbage costs no quadratic time.
  private static let limit = 64

  private static func lastPart(_ key: String) -> Substring {
    key.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
  }

  /// Optimal string alignment distance of two byte strings.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var older: [Int] = []
    var previous = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        let cost = left[row] == right[column] ? 0 : 1
        var value = min(previous[column] + cost, previous[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          value = min(value, older[column - 1] + 1)
        }
        current.append(value)
      }
      older = previous
      previous = current
    }
    return previous[right.count]
  }
}
