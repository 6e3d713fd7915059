import Addressing
package import Evidence
import Glibc
import Synchronization

/// The newest index at a path, for programs that run for long: a new one is taken up when its file
/// is renamed into place.
///
/// When the file is missing or damaged, every answer is `unknown` and `problem` says why: what is
/// built on attribution goes on without it.
package final class CurrentSubscriberIndex: SubscriberLookup {
  private struct State {
    var index: SubscriberIndex?
    var file = FileIdentity()
    var problem: String?
  }

  private let path: String
  private let tolerance: Int64
  private let state = Mutex(State())

  /// Looks at `path`; clocks may be wrong by `tolerance` microseconds.
  package init(path: String, tolerance: Int64) {
    self.path = path
    self.tolerance = tolerance
  }

  /// Why there is no index, nil when there is one.
  package var problem: String? {
    _ = current()
    return state.withLock { $0.problem }
  }

  package func subscriber(
    address: ClientAddress, port: UInt16, transport: IPProtocol, at microseconds: Int64
  ) -> InfectionRecord.Subscriber {
    guard let index = current() else { return InfectionRecord.Subscriber(state: .unknown) }
    let question = AttributionQuestion(
      address: .init(high: address.high, low: address.low), port: port == 0 ? nil : port,
      transport: transport, instant: microseconds)
    return index.answer(question, tolerance: tolerance).subscriber
  }

  private func current() -> SubscriberIndex? {
    let file = FileIdentity(path: path)
    return state.withLock { state in
      // What could not be opened once is not read again until it changes.
      guard file != state.file || (state.index == nil && state.problem == nil) else {
        return state.index
      }
      state.file = file
      do throws(SubscriberIndexError) {
        state.index = try SubscriberIndex(path: path)
        state.problem = nil
      } catch {
        state.index = nil
        state.problem = error.message
      }
      return state.index
    }
  }
}

/// What tells one file at a path from the next.
private struct FileIdentity: Equatable {
  var inode: UInt64 = 0
  var size: Int64 = 0
  var seconds = 0
  var nanoseconds = 0

  init() {}

  init(path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return }
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    seconds = status.st_mtim.tv_sec
    nanoseconds = status.st_mtim.tv_nsec
  }
}
