package import Evidence
import Exporters
import Foundation
import Synchronization

/// A feed that is a file of canonical JSON lines.
///
/// For trying receivers, and for sending records of elsewhere. The number of a line is its
/// sequence; the file may grow.
package final class RecordFileFeed: RecordFeed {
  private struct State: ~Copyable {
    let file: FileHandle
    /// Where each whole line begins, and behind the last where the next will.
    var starts: [UInt64] = [0]
  }

  private let state: Mutex<State>
  private let added: Int64
  private let path: String

  /// Octets read at a time when lines are counted.
  private static let chunk = 1 << 20

  /// Opens a file.
  ///
  /// - Parameter now: what counts as the instant at which its records became known.
  package init(path: String, now: Int64) throws {
    state = Mutex(State(file: try FileHandle(forReadingFrom: URL(fileURLWithPath: path))))
    added = now
    self.path = path
  }

  /// Records of the lines after a number; lines that are none are passed over.
  package func entries(after sequence: Int64, limit: Int) throws -> [FeedEntry] {
    try state.withLock { state in
      try Self.index(&state)
      var entries: [FeedEntry] = []
      var line = Int(max(0, sequence))
      while entries.count < limit, line + 1 < state.starts.count {
        try state.file.seek(toOffset: state.starts[line])
        let length = Int(state.starts[line + 1] - state.starts[line])
        let octets = try state.file.read(upToCount: length) ?? Data()
        line += 1
        var reader = CanonicalReader(path: path)
        reader.push(octets) { record in
          entries.append(FeedEntry(sequence: Int64(line), added: added, record: record))
        }
      }
      return entries
    }
  }

  /// The number of lines.
  package func newestSequence() throws -> Int64 {
    try state.withLock { state in
      try Self.index(&state)
      return Int64(state.starts.count - 1)
    }
  }

  private static func index(_ state: inout State) throws {
    try state.file.seek(toOffset: state.starts[state.starts.count - 1])
    var place = state.starts[state.starts.count - 1]
    while let octets = try state.file.read(upToCount: chunk), !octets.isEmpty {
      for octet in octets {
        place += 1
        if octet == UInt8(ascii: "\n") { state.starts.append(place) }
      }
    }
  }
}
