/// A policy zone made for other resolvers.
package struct RPZOutStatus: Codable, Sendable, Equatable {
  /// Its name.
  package var name: String
  /// Serial number of the newest version; 0 while there is none.
  package var serial: UInt32 = 0
  /// Names listed.
  package var names = 0
  /// Records, SOA and NS included.
  package var records = 0
  /// Names left out because with the zone's name they would be too long.
  package var tooLong = 0
  /// Versions before the newest that a difference can start from.
  package var older = 0
  /// Records that went with the newest version.
  package var deleted: Int?
  /// Records that came with it.
  package var added: Int?

  /// A zone without a version.
  package init(name: String) { self.name = name }
}
