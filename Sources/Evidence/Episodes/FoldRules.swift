/// What the fold of hits into states needs of the parameters: changing one asks for a rebuild.
package struct FoldRules: Equatable, Sendable {
  /// Silence that begins a new burst, microseconds.
  package var burstGap: Int64
  /// Silence that closes an episode, microseconds.
  package var closingSilence: Int64
  /// How far outside its validity a name still counts as inside, microseconds: time zones from
  /// UTC−12 to UTC+14, and drift.
  package var grace: Int64
  /// How long the breadth over families is counted, microseconds.
  package var breadthWindow: Int64

  /// Makes rules from their values, microseconds each.
  package init(burstGap: Int64, closingSilence: Int64, grace: Int64, breadthWindow: Int64) {
    self.burstGap = burstGap
    self.closingSilence = closingSilence
    self.grace = grace
    self.breadthWindow = breadthWindow
  }
}
