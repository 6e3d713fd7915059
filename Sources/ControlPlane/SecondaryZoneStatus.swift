package import Foundation

/// How the copy of a transferred zone stands.
package struct SecondaryZoneStatus: Codable, Sendable, Equatable {
  /// `current`, `waiting` for a first copy, `failing` while no primary can be asked, or `expired`.
  package var state: String
  /// When the copy was last known to be current.
  package var checked: Date?
  /// When it is checked next.
  package var nextCheck: Date
  /// When it expires.
  package var expires: Date?
  /// What went wrong in the last check, one line for each primary.
  package var problems: [String]

  /// Describes a copy.
  package init(
    state: String, checked: Date?, nextCheck: Date, expires: Date?, problems: [String]
  ) {
    self.state = state
    self.checked = checked
    self.nextCheck = nextCheck
    self.expires = expires
    self.problems = problems
  }
}
