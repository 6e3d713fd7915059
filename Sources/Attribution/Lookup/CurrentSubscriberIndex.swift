import Addressing
package import Evidence
import Glibc
import Synchronization

/// The newest index at a path, for programs that run for long: a new one is taken up when its file
/// is renamed into place.
///
/// When the file is missing or damaged there are no answers, and `problem` says why; once there is a
/// good one again, there are.
package final class CurrentSubscriberIndex: SubscriberLookup {
  private struct State {
    var index: SubscriberIndex?
    var file = FileIdentity()
    var problem: String?
  }

  private let path: String
  private let tolerance: Int64
  private let delay: Int64
  private let state = Mutex(State())

  /// Looks at `path`.
  ///
  /// - Parameters:
  ///   - tolerance: how wrong clocks may be, microseconds.
  ///   - delay: how long it may take until a record is where `ponor attribution build` reads it,
  ///     microseconds.
  package init(path: String, tolerance: Int64, delay: Int64 = 0) {
    self.path = path
    self.tolerance = tolerance
    self.delay = delay
  }

  /// Why there is no index, nil when there is one.
  package var problem: String? {
    _ = current()
    return state.withLock { $0.problem }
  }

  /// Answers from one index, even when a newer one comes meanwhile.
  package func answers(
    _ questions: [SubscriberQuestion]
  ) throws(SubscriberLookupFailure) -> SubscriberAnswers {
    guard let index = current() else {
      throw SubscriberLookupFailure(state.withLock { $0.problem } ?? "\(path) cannot be opened")
    }
    let subscribers = questions.map { question in
      index.answer(AttributionQuestion(question), tolerance: tolerance).subscriber
    }
    // Kept back: clocks differ, and what writes the records may take its time.
    return SubscriberAnswers(
      subscribers: subscribers, knownUntil: index.builtAt - tolerance - delay)
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

extension AttributionQuestion {
  /// The question of somebody who knows a client of the resolver.
  init(_ question: SubscriberQuestion) {
    self.init(
      address: .init(high: question.address.high, low: question.address.low),
      port: question.port == 0 ? nil : question.port, transport: question.transport,
      instant: question.microseconds)
  }
}
