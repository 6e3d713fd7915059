import DNSWire
import DomainIndex

/// A name list in the short form of `PagedFile.nameList`: damage must throw when it is opened, and
/// whatever opened must bear a walk to its end, in which every key that is one gives a name.
func fuzzNameList(_ octets: [UInt8]) {
  let file = PagedFile.nameList.expanded(octets).map(sealed) ?? octets
  withTemporaryFile(file) { path in
    guard let list = try? NameList(path: path) else { return }
    var cursor = list.makeCursor()
    var wire: [UInt8] = []
    while cursor.next() {
      wire.removeAll(keepingCapacity: true)
      for row in cursor.rows where Int(row) < list.rowCount {
        let generator = list.row(Int(row)).generator
        precondition(list.generators.indices.contains(generator), "row of no generator")
      }
      guard NameKey.appendLabels(of: cursor.key, to: &wire) else { continue }
      precondition((try? Name(wire: wire + [0])) != nil, "a key of no name")
    }
  }
}

private let checksumKey = SipHash.Key(low: 0x506f_6e6f_7220_6368, high: 0x6563_6b73_756d_2031)

/// The file with the checksums that its content calls for.
private func sealed(_ file: [UInt8]) -> [UInt8] {
  var file = file
  for section in 0..<3 {
    let start = file.word(at: (9 + 2 * section) * 8)
    let count = file.word(at: (10 + 2 * section) * 8)
    guard start <= UInt64(file.count), count <= UInt64(file.count) - start else { continue }
    let octets = Array(file[Int(start)..<Int(start + count)])
    file.setWord(checksum(octets), at: (15 + section) * 8)
  }
  let body = Array(file[..<(PagedFile.pageOctets - 8)])
  file.setWord(
    SipHash.hash(body.span, key: checksumKey).low, at: PagedFile.pageOctets - 8)
  return file
}

/// As `IndexChecksum`, for sections of at most one piece.
private func checksum(_ octets: [UInt8]) -> UInt64 {
  var hashes: [UInt8] = []
  if !octets.isEmpty {
    hashes = [UInt8](repeating: 0, count: 8)
    hashes.setWord(SipHash.hash(octets.span, key: checksumKey).low, at: 0)
  }
  return SipHash.hash(hashes.span, key: checksumKey).low
}
