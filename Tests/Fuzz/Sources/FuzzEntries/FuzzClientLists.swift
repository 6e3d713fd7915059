import Addressing
import CheckedYAML
import ListSources

/// A list of client addresses: each accepted prefix, written out, is read back as itself.
func fuzzClients(_ octets: [UInt8]) {
  withTemporaryFile(octets) { path in
    guard let (prefixes, report) = try? AddressListFile.read(path) else { return }
    precondition(report.accepted == prefixes.count, "accepted entries are lost")
    for problem in report.problems { checkOneLine(problem.message) }
    let set = AddressSet(prefixes)
    for prefix in prefixes {
      precondition(IPPrefix(prefix.description) == prefix, "a prefix is not written as it is read")
      precondition(set.contains(prefix.address), "an entry is not in the set")
      precondition(set.contains(prefix.lastAddress), "an entry's end is not in the set")
    }
  }
}

/// A list of delegated names: each accepted one is a name, and has a family without blanks.
func fuzzDelegated(_ octets: [UInt8]) {
  withTemporaryFile(octets) { path in
    var count = 0
    let report = try? DelegatedFile.read(path) { name, family in
      count += 1
      checkFolded(name.indices.map { name[$0] })
      precondition(!family.isEmpty && family.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    }
    precondition(report.map { $0.accepted == count } ?? true, "accepted names are lost")
  }
}
