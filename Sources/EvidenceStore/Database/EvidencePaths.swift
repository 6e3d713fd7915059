/// Files of the evidence in a data directory.
package struct EvidencePaths: Sendable {
  /// The data directory.
  package let dataDirectory: String

  /// Paths below a data directory.
  package init(dataDirectory: String) { self.dataDirectory = dataDirectory }

  /// The database: who is suspected of what.
  ///
  /// Apart from the hits, so that damage to one leaves the other, and each can have its own
  /// retention and its own readers.
  package var database: String { dataDirectory + "/evidence.sqlite" }
}
