/// A file whose header has a page of its own, in the short form that a corpus holds: what the
/// header uses of its page, then all that comes behind the page.
///
/// Thousands of padding octets would take the fuzzer's attention, and checksums would turn away
/// whatever it changes; so entries put both back in.
package struct PagedFile {
  static let pageOctets = 4096

  /// Octets of the header page in use.
  let headerOctets: Int

  /// The format of index files.
  package static let index = PagedFile(headerOctets: 32 * 8)
  /// The format of name lists.
  package static let nameList = PagedFile(headerOctets: 18 * 8)
  /// The format of hit rings.
  package static let ring = PagedFile(headerOctets: 264)

  /// The format of subscriber indexes.
  package static let subscribers = PagedFile(headerOctets: 64 + 16 * 24)

  /// The short form of a whole file.
  package func shortened(_ file: [UInt8]) -> [UInt8] {
    Array(file.prefix(headerOctets) + file.dropFirst(Self.pageOctets))
  }

  /// The whole file, checksums not renewed; nil when `octets` is no whole header.
  func expanded(_ octets: [UInt8]) -> [UInt8]? {
    guard octets.count >= headerOctets else { return nil }
    let padding = [UInt8](repeating: 0, count: Self.pageOctets - headerOctets)
    return octets.prefix(headerOctets) + padding + octets.dropFirst(headerOctets)
  }
}

extension [UInt8] {
  /// The little-endian word that starts at `offset`.
  func word(at offset: Int) -> UInt64 {
    self[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Overwrites the word that starts at `offset`.
  mutating func setWord(_ value: UInt64, at offset: Int) {
    for index in 0..<8 {
      self[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
    }
  }
}
