import DNSWire
import DomainIndex

/// Goes through the names a version of a policy zone holds, in canonical order.
struct ListedNames {
  private var cursor: NameListCursor
  private let version: PolicyZoneVersion
  private let longestKey: Int
  /// The uppermost listed name whose wildcard may cover the names that follow.
  private var covering: [UInt8] = []
  /// What the zone says about the name at hand.
  private(set) var listing = Listing.nxdomain
  /// Names left out because with the zone's name they would be too long.
  private(set) var tooLong = 0

  init(_ version: PolicyZoneVersion) {
    self.version = version
    cursor = version.list.makeCursor()
    // A key has as many octets as the name without its root label; the wildcard takes two more.
    longestKey = Limits.nameOctets - version.form.apex.wire.count - 2
  }

  /// The name at hand.
  var key: [UInt8] { cursor.key }

  /// Goes to the next name.
  ///
  /// - Throws: when the list is damaged.
  mutating func next() throws(PolicyZoneError) -> Bool {
    while cursor.next() {
      guard let listing = judge() else { continue }
      guard cursor.key.count <= longestKey else {
        tooLong += 1
        continue
      }
      self.listing = listing
      return true
    }
    guard !cursor.isDamaged else { throw .damagedList(path: version.list.path) }
    return false
  }

  private mutating func judge() -> Listing? {
    switch version.treatment(cursor.rows) {
    case .sinkhole:
      cover()
      return .sinkhole
    case .nxdomain:
      cover()
      return .nxdomain
    case .observe where version.form.listsObserved: return .passthru
    case .observe, .off: return isCovered ? .passthru : nil
    case .absent: return nil
    }
  }

  /// Whether a listed name's wildcard would take the name at hand, which Ponor resolves.
  private var isCovered: Bool {
    version.form.coversSubdomains && !covering.isEmpty && NameKey.isBelow(cursor.key, covering)
  }

  private mutating func cover() {
    if !isCovered { covering = cursor.key }
  }
}

/// Why a policy zone cannot be read or published.
package enum PolicyZoneError: Error, Equatable, CustomStringConvertible {
  /// The list of names changed since it was opened.
  case damagedList(path: String)

  package var description: String {
    switch self {
    case .damagedList(let path):
      "\(path) is damaged: it is made anew with the next index"
    }
  }
}
