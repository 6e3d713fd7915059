/// The candidate with the fewest edits to a word, if that is near enough to be meant.
func nearestSpelling(of word: String, among candidates: [String]) -> String? {
  let lowered = Array(word.lowercased().utf8.prefix(longestComparedWord))
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let other = Array(candidate.lowercased().utf8.prefix(longestComparedWord))
    let distance = editDistance(lowered, other)
    guard distance <= max(lowered.count, other.count) / 2 else { continue }
    if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
  }
  return best?.candidate
}

/// Longer words are cut, so that a hostile command line costs little.
private let longestComparedWord = 64

/// Damerau-Levenshtein distance: insert, delete, replace, swap neighbours.
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforePrevious = [Int](repeating: 0, count: right.count + 1)
  var previous = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let cost = left[row] == right[column] ? 0 : 1
      var best = min(previous[column + 1] + 1, current[column] + 1, previous[column] + cost)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        best = min(best, beforePrevious[column - 1] + 1)
      }
      current.append(best)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[right.count]
}
