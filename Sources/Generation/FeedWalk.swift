import CheckedYAML
import DGAKit
import DomainIndex
import ListSources

extension NameWalk {
  /// Walks a feed: its rows come in any order, so each key's row is begun when it first appears.
  ///
  /// Rows of another key in between begin their row again under the same generator and interval;
  /// the index counts ordinals per key.
  mutating func walkFeed(_ path: String, _ begin: BeginRow, _ take: TakeName) throws {
    var origin: IndexGenerator?
    var current = -1
    var ordinals: [Int] = []
    var failure: (any Error)?
    do throws(SourceProblem) {
      let feed = try FeedReader.read(path) { name, number, key in
        while ordinals.count <= number { ordinals.append(0) }
        let ordinal = ordinals[number]
        ordinals[number] += 1
        guard failure == nil, overlapsWindow(key.validity) else { return }
        if number != current {
          current = number
          if let origin { settle(origin.family) }
          let next = IndexGenerator(family: key.family, variant: "", seed: key.seed, kind: .feed)
          origin = next
          do { try beginRow(next, key.validity, begin) } catch { failure = error }
        }
        // A feed that is too long is refused here, not when it has filled the memory.
        do { try checkSize() } catch { failure = error }
        if let origin, failure == nil { add(name, ordinal: ordinal, origin, take) }
      }
      report.feeds.append(.init(feed))
      report.problems += feed.problems.map(\.description)
    } catch {
      report.problems.append(error.description)
    }
    if let origin { settle(origin.family) }
    if let failure { throw failure }
    try checkSize()
  }

  private func overlapsWindow(_ validity: Period) -> Bool {
    let grace = inputs.graceSeconds
    return validity.overlaps(
      Period(
        start: window.start.adding(seconds: -grace), end: window.end.adding(seconds: grace)))
  }
}
