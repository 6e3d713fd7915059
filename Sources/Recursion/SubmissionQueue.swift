import DNSWire
import Synchronization

/// A question on its way to a recursion thread.
struct Submission: Sendable {
  /// In wire form; on the heap, because a question is moved several times.
  var name: [UInt8]
  var qtype: RRType
  var qclass: RRClass
  var client: any RecursionClient
}

/// The bounded queue in front of one recursion thread, with that thread's counters.
///
/// The ring is allocated once. The lock is held for a moment only, and only cache misses come here.
final class SubmissionQueue: Sendable {
  /// What became of a submission.
  enum Admission {
    /// Over the limit, or stopping.
    case refused
    /// Queued; the thread is awake already.
    case queued
    /// Queued, and the thread must be woken.
    case queuedFirst
  }

  /// How an answer is counted.
  enum Outcome {
    /// libunbound gave an answer.
    case data(ResponseCode, ValidationStatus)
    /// libunbound gave up.
    case failure(ResponseCode)
    /// The time was over.
    case timeout
    /// libunbound never called back.
    case lost
  }

  private struct State {
    var ring: [Submission?]
    var head = 0
    var count = 0
    var isOpen = true
    var statistics = ThreadStatistics()
  }

  private let state: Mutex<State>
  /// `State.count`, for a look without the lock; whoever raises it from 0 wakes the thread.
  private let waiting = Atomic(0)
  /// Most questions in flight.
  let limit: Int

  init(limit: Int) {
    self.limit = limit
    state = Mutex(State(ring: Array(repeating: nil, count: limit)))
  }

  // MARK: - Any thread

  /// Queues a question, or counts a refusal.
  func submit(
    qname: Span<UInt8>, qtype: RRType, qclass: RRClass, client: any RecursionClient
  ) -> Admission {
    precondition(qname.count <= Limits.nameOctets, "a name has at most 255 octets")
    let name = qname.withUnsafeBufferPointer { Array($0) }
    let submission = Submission(name: name, qtype: qtype, qclass: qclass, client: client)
    return state.withLock { state in
      guard state.isOpen, state.statistics.inFlight < limit else {
        state.statistics.refused += 1
        return .refused
      }
      state.statistics.submitted += 1
      state.statistics.inFlight += 1
      state.statistics.unanswered += 1
      state.ring[(state.head + state.count) % limit] = submission
      state.count += 1
      waiting.store(state.count, ordering: .releasing)
      return state.count == 1 ? .queuedFirst : .queued
    }
  }

  /// Lets nothing in any more.
  func close() { state.withLock { $0.isOpen = false } }

  /// Places taken.
  var inFlight: Int { state.withLock { $0.statistics.inFlight } }

  /// The counters as they stand.
  var statistics: ThreadStatistics { state.withLock { $0.statistics } }

  // MARK: - The recursion thread

  /// Takes the question that has waited longest, nil when none does.
  func take() -> Submission? {
    // A loop looks each time it goes round: most looks find nothing.
    guard waiting.load(ordering: .acquiring) > 0 else { return nil }
    return state.withLock { state in
      guard state.count > 0 else { return nil }
      let submission = state.ring[state.head].take()
      state.count -= 1
      // An empty ring begins anew in memory that was just used.
      state.head = state.count == 0 ? 0 : (state.head + 1) % limit
      waiting.store(state.count, ordering: .releasing)
      return submission
    }
  }

  /// Counts an answer that is about to be given.
  func answered(_ outcome: Outcome) {
    state.withLock { state in
      state.statistics.unanswered -= 1
      switch outcome {
      case .data(let rcode, let status): state.statistics.count(rcode, status)
      case .failure(let rcode): state.statistics.countFailure(rcode)
      case .timeout:
        state.statistics.countFailure(.serverFailure)
        state.statistics.timedOut += 1
      case .lost:
        state.statistics.countFailure(.serverFailure)
        state.statistics.lost += 1
      }
    }
  }

  /// Gives a place back.
  func release() { state.withLock { $0.statistics.inFlight -= 1 } }
}

extension ThreadStatistics {
  fileprivate mutating func count(_ rcode: ResponseCode, _ status: ValidationStatus) {
    byRcode[rcode] += 1
    switch status {
    case .secure: secure += 1
    case .insecure: insecure += 1
    case .bogus: bogus += 1
    }
  }

  fileprivate mutating func countFailure(_ rcode: ResponseCode) {
    byRcode[rcode] += 1
    failed += 1
  }
}
