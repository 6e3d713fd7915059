// Unsafe: C callbacks of libunbound and of the event loop, whose `void *` is an unretained object
// that the loop keeps alive until the context is deleted.

import CEventLoop
import CUnbound
import DNSWire
import Glibc
import Synchronization

/// What runs on one recursion thread or host: hands questions to libunbound and its answers to clients.
///
/// Everything here belongs to that thread; other threads only reach the queue.
///
/// `@unchecked Sendable`: it passes from thread to thread under the lock of `ThreadControl.carrier`,
/// which orders the accesses.
final class ThreadLoop: @unchecked Sendable {
  /// Questions handed over before sockets get their turn again.
  private static let batchSize = 64
  /// How often time-outs are looked for while questions are under way.
  private static let tick: Int64 = 100  // milliseconds

  /// How long clients wait, milliseconds.
  struct Patience: Sendable {
    /// Until a question is given up.
    let timeout: Int64
    /// Until the client is told that it gets late.
    let late: Int64?

    init(_ options: RecursionOptions) {
      timeout = Int64(options.answerTimeoutMilliseconds)
      late = options.lateMilliseconds.map { Int64($0) }
    }
  }

  let context: UnboundContext
  let control: ThreadControl
  private let patience: Patience
  /// Sockets of a host that can be read, as bits.
  var readable: UInt64 = 0
  private var wakeEvent: OpaquePointer?
  // One thread at a time owns a loop and no access spans a call that could come back to it, so the
  // run-time check of exclusive access, several per question, can find nothing.
  /// The places under way first, `taken` of them, then the free ones.
  @exclusivity(unchecked) private var places: [PendingQuestion] = []
  @exclusivity(unchecked) private var taken = 0
  @exclusivity(unchecked) private var text = [CChar](
    repeating: 0, count: PresentationName.capacity)
  @exclusivity(unchecked) private var isTicking = false
  private var isFinishing = false
  private var tickEvent: OpaquePointer?

  init(context: UnboundContext, control: ThreadControl, patience: Patience) {
    self.context = context
    self.control = control
    self.patience = patience
    places.reserveCapacity(control.queue.limit)
    for index in 0..<control.queue.limit {
      places.append(PendingQuestion(loop: self, index: index))
    }
  }

  // MARK: - The loop

  /// Serves until stopped or wanted by a host.
  ///
  /// - Returns: whether it has ended: every question taken has been answered.
  @discardableResult
  func run() -> Bool {
    while true {
      arm()
      while !hasToEnd, !control.isWanted.load(ordering: .acquiring) {
        ponor_loop_run(context.loop, -1)
      }
      disarm()
      if hasToEnd {
        finish()
        return true
      }
      if control.isWanted.load(ordering: .acquiring) { return false }
    }
  }

  /// Starts listening to other threads.
  func arm() {
    let me = Unmanaged.passUnretained(self).toOpaque()
    wakeEvent = ponor_event_create(
      context.loop, control.wakeup, Int16(PONOR_READ | PONOR_PERSIST), onWakeup, me)
    tickEvent = ponor_event_create(context.loop, -1, 0, onTick, me)
    ponor_event_start(wakeEvent, -1)
    isTicking = false
    armTick()
  }

  /// Stops listening to them: the loop is to go on elsewhere, or has ended.
  func disarm() {
    ponor_event_destroy(wakeEvent)
    ponor_event_destroy(tickEvent)
    wakeEvent = nil
    tickEvent = nil
  }

  private func finish() {
    while let submission = control.queue.take() {
      control.queue.answered(.failure(.serverFailure))
      control.queue.release()
      submission.client.recursionFailed(RecursionFailure.stopping)
    }
    isFinishing = true
    context.delete()
    for place in places where place.isTaken {
      answer(place, .lost) { $0.recursionFailed(RecursionFailure.noCallback) }
      giveBack(place)
    }
  }

  fileprivate func wokenUp() {
    control.clearWakeup()
    takeUp()
    // An order to stop is looked at again and again, as it has a time limit.
    armTick()
  }

  /// Takes up questions that are queued, up to a batch.
  func takeUp() {
    for number in 0..<Self.batchSize {
      guard let submission = control.queue.take() else {
        if number > 0 { armTick() }
        return
      }
      start(submission)
    }
    // There may be more: sockets come first.
    control.wake()
    armTick()
  }

  fileprivate func ticked() {
    isTicking = false
    let now = ponor_loop_now(context.loop)
    for place in places[..<taken] where place.client != nil {
      let age = now - place.started
      if let late = patience.late, !place.isLate, age >= late {
        place.isLate = true
        place.client?.recursionIsLate()
      }
      // libunbound goes on and still calls back: the place stays taken until it does, so that what
      // is under way remains bounded.
      if age >= patience.timeout {
        answer(place, .timeout) { $0.recursionFailed(RecursionFailure.timedOut) }
      }
    }
    armTick()
  }

  private func armTick() {
    guard !isTicking, taken > 0 || control.isStopping else { return }
    isTicking = true
    ponor_event_start(tickEvent, Self.tick)
  }

  private var hasToEnd: Bool {
    control.isStopping && control.shouldEnd(unanswered: control.queue.statistics.unanswered)
  }

  // MARK: - One question

  private func start(_ submission: consuming Submission) {
    // The queue admits as many questions as there are places.
    precondition(taken < places.count, "more questions than places")
    let place = places[taken]
    taken += 1
    place.client = submission.client
    place.isTaken = true
    place.isLate = false
    place.started = ponor_loop_now(context.loop)
    PresentationName.write(submission.name.span, into: &text)
    let code = ub_resolve_event(
      context.handle, text, Int32(submission.qtype.rawValue), Int32(submission.qclass.rawValue),
      Unmanaged.passUnretained(place).toOpaque(), onAnswer, nil)
    // An answer in libunbound's cache has been called back by now. On an error it never will be.
    if code != 0, place.isTaken {
      answer(place, .failure(.serverFailure)) { $0.recursionFailed(RecursionFailure.notTaken) }
      giveBack(place)
    }
  }

  fileprivate func finished(
    _ place: PendingQuestion, rcode: Int32, packet: UnsafeBufferPointer<UInt8>, security: Int32,
    reason: UnsafePointer<CChar>?
  ) {
    guard place.isTaken else { return }
    let isUsable = rcode == 0 && packet.count >= Limits.headerOctets
    if isUsable {
      let status: ValidationStatus =
        security == 2 ? .secure : security == 1 ? .bogus : .insecure
      let code = ResponseCode(rawValue: UInt16(packet[3] & 0x0F))
      answer(place, .data(code, status)) {
        $0.recursionFinished(
          rcode: code, packet: packet.span, status: status,
          reason: reason.map { String(cString: $0) })
      }
    } else {
      let code = rcode == 0 ? .serverFailure : ResponseCode(rawValue: UInt16(rcode & 0x0FFF))
      let reason = isFinishing ? RecursionFailure.stopping : nil
      answer(place, .failure(code)) { $0.recursionFailed(reason, code) }
    }
    giveBack(place)
  }

  /// Answers the client of `place` unless that has been done.
  private func answer(
    _ place: PendingQuestion, _ outcome: SubmissionQueue.Outcome,
    _ call: (any RecursionClient) -> Void
  ) {
    guard let client = place.client.take() else { return }
    control.queue.answered(outcome)
    call(client)
  }

  private func giveBack(_ place: PendingQuestion) {
    place.isTaken = false
    taken -= 1
    if place.index != taken { exchange(place, taken) }
    control.queue.release()
  }

  /// Has the last one under way change places with `place`.
  private func exchange(_ place: PendingQuestion, _ end: Int) {
    let (index, last) = (place.index, places[end])
    places.swapAt(index, end)
    (place.index, last.index) = (end, index)
  }
}

/// One of the places for questions under way: what libunbound's callbacks refer to.
private final class PendingQuestion {
  /// Lives as long as its places.
  let loop: Unmanaged<ThreadLoop>
  /// Where it stands among all places.
  var index: Int
  /// nil once answered.
  var client: (any RecursionClient)?
  /// Set until libunbound has called back.
  var isTaken = false
  /// Set once the client has been told.
  var isLate = false
  /// When it was handed over, by the loop's clock.
  var started: Int64 = 0

  init(loop: ThreadLoop, index: Int) {
    self.loop = .passUnretained(loop)
    self.index = index
  }
}

extension RecursionClient {
  fileprivate func recursionFailed(_ reason: String?, _ rcode: ResponseCode = .serverFailure) {
    let nothing = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    recursionFinished(rcode: rcode, packet: nothing.span, status: .insecure, reason: reason)
  }
}

// MARK: - C callbacks

private let onAnswer: ub_event_callback_type = { data, rcode, packet, length, security, reason, _ in
  guard let data else { return }
  let bytes = UnsafeBufferPointer(
    start: packet.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) },
    count: packet == nil ? 0 : Int(length))
  Unmanaged<PendingQuestion>.fromOpaque(data)._withUnsafeGuaranteedRef { place in
    place.loop._withUnsafeGuaranteedRef { loop in
      loop.finished(place, rcode: rcode, packet: bytes, security: security, reason: reason)
    }
  }
}

private let onWakeup: ponor_event_callback = { _, _, data in
  guard let data else { return }
  Unmanaged<ThreadLoop>.fromOpaque(data).takeUnretainedValue().wokenUp()
}

private let onTick: ponor_event_callback = { _, _, data in
  guard let data else { return }
  Unmanaged<ThreadLoop>.fromOpaque(data).takeUnretainedValue().ticked()
}
