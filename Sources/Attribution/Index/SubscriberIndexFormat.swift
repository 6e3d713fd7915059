import DataFiles

/// The file that holds every interval, sorted for look-ups; all numbers little-endian.
///
/// ```
/// page 0    header: magic, version, times, size, sections with their checksums, its own checksum
/// groups    one per prefix length present: length, octets of a key, places, where its keys begin
/// keys      the addresses ("places") of each group, ascending: 4 octets for IPv4, 8 for prefixes of
///           up to 64 bits, else 16
/// slots     of place p: slots placeSlots[p] ..< placeSlots[p + 1], a slot being a range of ports and
///           a protocol, ascending by first port
/// intervals of slot s: slotIntervals[s] ..< slotIntervals[s + 1], ascending by their start
/// holders   texts: kind, source, then the key of a line or the address inside of a translator
/// rules     translators whose mapping is computed
/// sources   what was read, for `ponor attribution status`
/// ```
///
/// A look-up takes a binary search for the place in each prefix length, longest first; then it must
/// find all port ranges over one port, and all intervals over one instant, without walking through the
/// many that end before. Both are "which of the first n have an end beyond x": maxima of every 16,
/// 256, 4,096 … ends (`RangeMaxima`) skip the rest in steps that grow sixteenfold. So a never-ending
/// session in front of a million short ones, or an address with a million port blocks, costs what any
/// other does.
///
/// One interval takes 20 octets, 1/15 of 8 for the maxima, and its share of slot (9), place (4 … 16 + 4)
/// and holder.
enum SubscriberIndexFormat {
  static let magic: UInt64 = 0x4255_534f_4e4f_5050  // "PPONOSUB"
  static let version: UInt32 = 1
  /// Octets of the header.
  static let pageOctets = 4096
  /// Entries per maximum: two cache lines of instants.
  static let fanOut = 16

  /// The sections, in the order of the header.
  enum Section: Int, CaseIterable {
    case groups, keys, placeSlots, slotIntervals, firstPorts, lastPorts, portMaxima, transports
    case starts, ends, endMaxima, holders, holderStarts, holderText, rules, sources
  }

  // Offsets in the header.
  static let versionOffset = 8
  static let builtOffset = 16
  static let sizeOffset = 24
  static let sectionsOffset = 64
  /// Offset, octets, checksum.
  static let sectionOctets = 24
  static let checksumOffset = pageOctets - 8

  /// Octets of a group: length, key octets (8 each), first place, places, offset of its keys.
  static let groupOctets = 40
}

/// What is wrong with an index, or why it cannot be written.
package enum SubscriberIndexError: DataFileProblem, Equatable, Sendable {
  /// A system call failed.
  case system(operation: String, path: String, errno: Int32)
  /// The file is none of ours.
  case notAnIndex(path: String)
  /// It was written by another version of the format.
  case version(path: String, found: UInt32)
  /// A checksum or size does not fit: the file is damaged.
  case damaged(path: String, what: String)

  /// One line: what, where, what to do.
  package var message: String {
    switch self {
    case .system(let operation, let path, let code):
      "cannot \(operation) \(path): \(String(systemError: code))"
    case .notAnIndex(let path):
      "\(path) is no subscriber index; run `ponor attribution build`"
    case .version(let path, let found):
      "\(path) has format version \(found), this program reads \(SubscriberIndexFormat.version); run `ponor attribution build`"
    case .damaged(let path, let what):
      "\(path) is damaged (\(what)); run `ponor attribution build`"
    }
  }
}
