// Unsafe: holds libfstrm's writer by its pointer, on one thread.
import CFstrm
import DNSServer
import Glibc
import Synchronization

/// Takes messages out of all rings and sends them, on a thread of its own.
///
/// Frames wait in the rings while nobody listens; a connection that ends is made again.
package final class DnstapWriter: Sendable {
  /// Says what a hit is, of its generation, payload and name.
  package typealias Describe = @Sendable (TapRecord.Policy, [UInt8]) -> DnstapEncoder.Rule?

  /// Between two attempts to connect, microseconds.
  private static let retryMicroseconds: UInt32 = 500_000
  /// Between two looks at rings that were empty, microseconds.
  private static let idleMicroseconds: UInt32 = 20_000

  /// Numbers and state, for metrics and status.
  package struct Statistics: Sendable, Equatable {
    /// Frames sent.
    package var sent = 0
    /// Frames dropped: a ring was full, or a connection ended with frames on their way.
    package var dropped = 0
    /// Why nothing is sent; nil while it is.
    package var problem: String?
  }

  private struct State {
    var rings: [TapRing] = []
    var sent = 0
    var lost = 0
    var problem: String? = "not connected yet"
  }

  /// What was asked for.
  package let options: DnstapOptions
  private let describe: Describe
  private let state = Mutex(State())
  private let ending = Atomic(false)
  private let ended = Atomic(false)
  private let thread = Mutex<WorkerThread?>(nil)

  /// Makes a writer; `start` has it send.
  package init(_ options: DnstapOptions, describe: @escaping Describe) {
    self.options = options
    self.describe = describe
  }

  /// Makes the ring of another answering thread.
  package func makeRing() -> TapRing {
    let ring = TapRing(bytes: options.queueBytes)
    state.withLock { $0.rings.append(ring) }
    return ring
  }

  /// Numbers and state.
  package var statistics: Statistics {
    state.withLock { state in
      Statistics(
        sent: state.sent, dropped: state.lost + state.rings.reduce(0) { $0 + $1.dropped },
        problem: state.problem)
    }
  }

  /// Starts sending; called once.
  package func start() {
    thread.withLock { $0 = WorkerThread(name: "dnstap") { self.run() } }
  }

  /// Sends what waits, unless nobody takes it, and ends.
  package func stop() {
    ending.store(true, ordering: .relaxed)
    let running = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    running?.join()
  }

  /// Whether nothing is sent any more: the end, or a file that could not be written.
  package var hasEnded: Bool { ended.load(ordering: .relaxed) }

  private var isEnding: Bool { ending.load(ordering: .relaxed) }

  // MARK: - The thread

  private func run() {
    var encoder = DnstapEncoder(identity: options.identity, version: options.version)
    repeat {
      connectAndSend(&encoder)
      // Opening a file again would put it in the place of what was written before.
      if case .file = options.target { break }
      if !isEnding { usleep(Self.retryMicroseconds) }
    } while !isEnding
    ended.store(true, ordering: .relaxed)
  }

  /// One connection, from its handshake to its end.
  private func connectAndSend(_ encoder: inout DnstapEncoder) {
    let sink = FrameSink(options.target, isEnding: { self.isEnding })
    var writer = sink.makeWriter()
    defer {
      _ = withExtendedLifetime(sink) { fstrm_writer_destroy(&writer) }
    }
    guard let writer, fstrm_writer_open(writer) == fstrm_res_success, sink.flush() else {
      note(sink.problem)
      return
    }
    state.withLock { $0.problem = nil }
    while true {
      // Looked at first: what came before the end is still sent.
      let isLast = isEnding
      guard !sink.isAbandoned, let count = drain(writer, sink, &encoder), sink.flush() else {
        let lost = sink.unsentFrames
        state.withLock { state in
          state.lost += lost
          state.sent -= lost
        }
        return note(sink.problem)
      }
      if isLast { break }
      if count == 0 { usleep(Self.idleMicroseconds) }
    }
    _ = fstrm_writer_close(writer)
  }

  private func note(_ problem: String) {
    let text = problem.isEmpty ? "the reader does not speak dnstap over Frame Streams" : problem
    state.withLock { $0.problem = text }
  }

  /// Sends what the rings hold now; nil when the connection has ended.
  private func drain(
    _ writer: OpaquePointer, _ sink: FrameSink, _ encoder: inout DnstapEncoder
  ) -> Int? {
    var name: [UInt8] = []
    var message: [UInt8] = []
    var count = 0
    for ring in state.withLock({ $0.rings }) {
      while let record = ring.next(name: &name, message: &message) {
        let rule = record.policy.flatMap { describe($0, name) }
        let frame = encoder.encode(record, name: name, message: message, rule: rule)
        sink.noteFrame()
        count += 1
        state.withLock { $0.sent += 1 }
        guard fstrm_writer_write(writer, frame, frame.count) == fstrm_res_success else {
          return nil
        }
        // One busy ring must not starve the others, nor a stop.
        if count % 4096 == 0, isEnding || !sink.flush() { break }
      }
    }
    return count
  }
}
