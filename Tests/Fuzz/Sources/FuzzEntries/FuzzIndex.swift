import DNSWire
import DomainIndex

/// An index file in the short form of `PagedFile.index`: damage must throw when it is opened, and
/// whatever opened must bear every look-up, also of payloads that come from a damaged hit ring.
func fuzzIndex(_ octets: [UInt8]) {
  let file = PagedFile.index.expanded(octets).map(sealed) ?? octets
  withTemporaryFile(file) { path in
    guard let index = try? DomainIndex(path: path) else { return }
    for name in names { _ = index.match(name).map { check(index, $0.payload) } }
    for offset in stride(from: 0, to: octets.count - 7, by: 8) {
      let word = octets.word(at: offset)
      let hash = SipHash.Value(low: word &* 0x9E37_79B9_7F4A_7C15, high: word)
      _ = index.find(hash).map { check(index, $0) }
      check(index, word)
    }
    check(index, .max)
  }
}

/// Names of the corpus, and the shortest and deepest ones there are.
private let names: [NameBuffer] = {
  let deepest = String(repeating: "a.", count: 127)
  return [".", "com", "n0.example.com", "x.n1.example.com", "n2.example.com", deepest]
    .compactMap { text in
      var name = NameBuffer()
      return (try? name.load(text: Array(text.utf8).span)).map { name }
    }
}()

private func check(_ index: DomainIndex, _ payload: UInt64) {
  _ = index.isColliding(payload)
  _ = index.firstGenerator(of: payload)
  let origins = index.origins(of: payload)
  precondition(origins.count <= index.originCount(of: payload), "origins out of nothing")
  precondition(origins.count <= index.fileSize, "more origins than octets")
  for origin in origins {
    let row = index.row(origin.row)
    precondition(index.generators.indices.contains(row.generator), "row of no generator")
    _ = index.ownInterval(of: row)
  }
  if let only = index.onlyOrigin(of: payload) { _ = index.row(only.row) }
}

// MARK: - Checksums

private let checksumKey = SipHash.Key(low: 0x506f_6e6f_7220_6368, high: 0x6563_6b73_756d_2031)

/// The file with the checksums that its content calls for.
private func sealed(_ file: [UInt8]) -> [UInt8] {
  var file = file
  for section in 0..<5 {
    let start = file.word(at: (17 + 2 * section) * 8)
    let count = file.word(at: (18 + 2 * section) * 8)
    guard start <= UInt64(file.count), count <= UInt64(file.count) - start else { continue }
    let octets = Array(file[Int(start)..<Int(start + count)])
    file.setWord(checksum(octets), at: (27 + section) * 8)
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
