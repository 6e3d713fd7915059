/// The chain of CNAME and DNAME records that leads from a name to where its records are.
struct AliasChain {
  /// One alias.
  struct Step {
    /// The name the chain goes on with.
    let target: Name
    /// The records of this step: a DNAME with its signatures, then the CNAME with its own.
    let recordIndices: [Int]
  }

  /// Longest chain followed; Unbound's own limit is 11 restarts, and no chain can loop within it.
  static let longest = 32

  /// The aliases in order.
  private(set) var steps: [Step] = []
  /// Indices of all records that belong to a step.
  private(set) var used: Set<Int> = []
  /// The first name and all targets.
  private(set) var names: Set<Name>
  /// The name the chain ends with.
  private(set) var lastName: Name

  /// Follows the aliases among the answer records of `records` from `start` on.
  init(from start: Name, in records: [ResponseScan.Record]) {
    names = [start]
    lastName = start
    let aliases = records.indices.filter {
      records[$0].section == .answer && records[$0].alias != nil
    }
    while steps.count < Self.longest, let step = step(from: lastName, aliases, records) {
      steps.append(step)
      used.formUnion(step.recordIndices)
      lastName = step.target
      // A loop ends the chain; its last link still shows where it leads.
      guard names.insert(step.target).inserted else { break }
    }
  }

  private func step(
    from name: Name, _ aliases: [Int], _ records: [ResponseScan.Record]
  ) -> Step? {
    var found: [Int] = []
    var target: Name?
    let dname = aliases.first { index in
      let record = records[index]
      return record.type == .dname && record.owner != name && name.isEqualOrBelow(record.owner)
    }
    if let dname, let substitute = records[dname].alias {
      found.append(dname)
      found += signatures(of: records[dname], records)
      target = name.replacing(suffix: records[dname].owner, with: substitute)
    }
    let cname = aliases.first {
      records[$0].type == .cname && records[$0].owner == name && !used.contains($0)
    }
    if let cname {
      found.append(cname)
      found += signatures(of: records[cname], records)
      target = records[cname].alias
    }
    guard let target else { return nil }
    return Step(target: target, recordIndices: found.filter { !used.contains($0) })
  }

  private func signatures(
    of record: ResponseScan.Record, _ records: [ResponseScan.Record]
  ) -> [Int] {
    records.indices.filter {
      records[$0].section == .answer && records[$0].covered == record.type
        && records[$0].owner == record.owner
    }
  }
}

extension Name {
  /// This name with `suffix` at its end replaced (RFC 6672 §2.2); nil if the result is too long.
  func replacing(suffix: Name, with other: Name) -> Name? {
    guard isEqualOrBelow(suffix) else { return nil }
    return try? Name(wire: wire.dropLast(suffix.wire.count) + other.wire)
  }
}
