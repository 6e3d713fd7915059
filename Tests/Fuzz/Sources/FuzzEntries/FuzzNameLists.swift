import CheckedYAML
import ListSources

/// A list of names: each accepted one is a name and, once protected, collides with itself.
func fuzzNames(_ octets: [UInt8]) {
  withTemporaryFile(octets) { path in
    var names: [[UInt8]] = []
    guard
      let report = try? NameListFile.read(
        path, { name in names.append(name.indices.map { name[$0] }) })
    else { return }
    precondition(report.accepted == names.count, "accepted names are not delivered")
    for problem in report.problems { checkOneLine(problem.message) }
    var protected = ProtectedNames()
    guard (try? protected.insert(contentsOf: path)) == report else {
      preconditionFailure("read twice, differs")
    }
    for name in names {
      checkFolded(name)
      precondition(protected.collides(name) != nil, "a protected name does not collide")
    }
  }
}

/// A popularity list: names up to a rank are among all names.
func fuzzPopularity(_ octets: [UInt8]) {
  withTemporaryFile(octets) { path in
    let all = ranked(path, top: .max)
    for entry in all { checkFolded(entry.name) }
    precondition(ranked(path, top: 3) == all.filter { $0.rank <= 3 }, "the top is another list")
  }
}

private struct Ranked: Equatable {
  var name: [UInt8]
  var rank: Int
}

private func ranked(_ path: String, top: Int) -> [Ranked] {
  var list: [Ranked] = []
  let report = try? PopularityFile.read(path, top: top) { name, rank in
    list.append(Ranked(name: name.indices.map { name[$0] }, rank: rank))
  }
  precondition(report.map { $0.accepted == list.count } ?? true, "accepted names are lost")
  return list
}
