package import DGAKit
import Synchronization

/// A known generator that has made observed names.
package struct KnownMatch: Sendable {
  /// Which one.
  package let id: GeneratorID
  /// The lists that explain its names, the one with most of them first; a list that adds no name
  /// to those before it is left out.
  package let lists: [List]
  /// How many lists were left out.
  package let otherLists: Int
  /// How many names were made, of all its lists in the window.
  package let namesMade: Int

  /// One list with observed names.
  package struct List: Sendable {
    /// When the malware asks for its names.
    package let period: Period
    /// Observed names by position, and their first ordinal in the list.
    package let ordinals: [Int: Int]
  }

  /// The positions of all names it explains.
  package var positions: Set<Int> { Set(lists.flatMap(\.ordinals.keys)) }
}

/// Finds observed names in the lists of known generators, without an index.
package enum KnownLookup {
  /// The generators that have made some of the names, those with most first; and what could not be
  /// tried, one line each.
  package static func find(
    _ names: ObservedNames, among ids: [GeneratorID], of catalogue: ModelCatalogue,
    in window: Period, threads: Int
  ) -> (matches: [KnownMatch], problems: [String]) {
    let problems = Mutex<[Int: String]>([:])
    let matches = Parallel.map(ids.count, threads: threads) { index -> KnownMatch? in
      do throws(CatalogueError) {
        return match(try catalogue.generator(ids[index]), names, in: window)
      } catch {
        problems.withLock { $0[index] = error.description }
        return nil
      }
    }
    let found = matches.compactMap { $0 }
      .sorted { ($1.positions.count, $0.id.description) < ($0.positions.count, $1.id.description) }
    return (found, problems.withLock { all in all.keys.sorted().compactMap { all[$0] } }.unique)
  }

  private static func match(
    _ generator: Generator, _ names: ObservedNames, in window: Period
  ) -> KnownMatch? {
    var lists: [KnownMatch.List] = []
    var made = 0
    for period in generator.periods(from: window.start, to: window.end) {
      var ordinals: [Int: Int] = [:]
      // A period may begin before the window; its list is the same throughout.
      generator.forEachName(at: max(period.start, .distantPast)) { name, ordinal in
        made += 1
        if names.mayContain(name), let position = names.position(of: name),
          ordinals[position] == nil
        {
          ordinals[position] = ordinal
        }
        return true
      }
      if !ordinals.isEmpty { lists.append(KnownMatch.List(period: period, ordinals: ordinals)) }
    }
    guard !lists.isEmpty else { return nil }
    let needed = cover(lists)
    return KnownMatch(
      id: generator.id, lists: needed, otherLists: lists.count - needed.count, namesMade: made)
  }

  /// Takes the list with most unexplained names again and again.
  private static func cover(_ lists: [KnownMatch.List]) -> [KnownMatch.List] {
    var rest = lists
    var explained: Set<Int> = []
    var taken: [KnownMatch.List] = []
    let gain: (KnownMatch.List) -> Int = { list in
      list.ordinals.keys.count { !explained.contains($0) }
    }
    while let best = rest.indices.max(by: { (gain(rest[$0]), $1) < (gain(rest[$1]), $0) }),
      gain(rest[best]) > 0
    {
      explained.formUnion(rest[best].ordinals.keys)
      taken.append(rest.remove(at: best))
    }
    return taken
  }
}

extension [String] {
  /// Each text once.
  fileprivate var unique: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}
