/// A file that is made while it is sent.
package struct ControlDownload: Sendable {
  /// Octets of a piece: what a download holds in memory.
  package static let piece = 1 << 18

  /// Entity tag, quotes included (RFC 9110 §8.8.3).
  package var tag: String
  /// Media type.
  package var type: String
  /// Starts the file; what it returns gives piece after piece, then nil.
  package var start: @Sendable () -> () throws -> [UInt8]?

  /// Offers a file.
  package init(
    tag: String, type: String, start: @escaping @Sendable () -> () throws -> [UInt8]?
  ) {
    self.tag = tag
    self.type = type
    self.start = start
  }
}
