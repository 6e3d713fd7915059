import CEventLoop
import Foundation
import Testing

/// A loop whose events note that they were called back.
final class LoopUnderTest {
  /// What the argument of an event refers to.
  private final class Note {
    unowned let owner: LoopUnderTest
    var delay: Int64
    /// By the loop's clock, as time-outs are.
    var started: Int64

    init(_ owner: LoopUnderTest, _ delay: Int64) {
      self.owner = owner
      self.delay = delay
      started = ponor_loop_now(owner.pointer)
    }
  }

  let pointer: OpaquePointer
  /// Time-outs of the events called back, in order.
  private(set) var delays: [Int64] = []
  /// What the events were told.
  private(set) var told: [Int16] = []
  /// Milliseconds by which each timer came too early.
  private(set) var earliness: [Int64] = []
  /// Called from each callback.
  var onCallback: () -> Void = {}
  private var events: [OpaquePointer] = []
  private var pairs: [SocketPair] = []
  private var notes: [OpaquePointer: Note] = [:]

  init() throws { pointer = try #require(ponor_loop_create()) }

  deinit {
    for event in events { ponor_event_destroy(event) }
    ponor_loop_destroy(pointer)
  }

  /// Two connected sockets that stay open as long as the loop.
  func pair() throws -> SocketPair {
    let pair = try SocketPair()
    pairs.append(pair)
    return pair
  }

  /// Starts a timer of so many milliseconds.
  @discardableResult
  func timer(_ milliseconds: Int64) -> OpaquePointer { event(-1, 0, milliseconds) }

  /// Starts an event.
  @discardableResult
  func event(_ descriptor: Int32, _ what: Int, _ milliseconds: Int64 = -1) -> OpaquePointer {
    let note = Note(self, milliseconds)
    let made = ponor_event_create(
      pointer, descriptor, Int16(what),
      { _, what, argument in
        guard let argument else { return }
        let note = Unmanaged<Note>.fromOpaque(argument).takeUnretainedValue()
        note.owner.calledBack(note, what)
      }, Unmanaged.passUnretained(note).toOpaque())
    guard let event = made else { fatalError("no memory for an event") }
    notes[event] = note
    events.append(event)
    #expect(ponor_event_start(event, milliseconds) == 0)
    return event
  }

  /// Starts an event anew.
  func restart(_ event: OpaquePointer, _ milliseconds: Int64) {
    notes[event]?.delay = milliseconds
    notes[event]?.started = ponor_loop_now(pointer)
    ponor_event_start(event, milliseconds)
  }

  private func calledBack(_ note: Note, _ what: Int16) {
    delays.append(note.delay)
    told.append(what)
    earliness.append(note.started + note.delay - ponor_loop_now(pointer))
    onCallback()
  }

  /// One round of the loop: how many callbacks there were.
  func runOnce(_ milliseconds: Int32) -> Int { Int(ponor_loop_run(pointer, milliseconds)) }

  /// Rounds until there have been so many callbacks, or nothing comes for five seconds.
  func run(until count: Int) {
    let end = ContinuousClock.now + .seconds(5)
    while delays.count < count, ContinuousClock.now < end { _ = runOnce(1_000) }
  }
}

/// Two connected sockets; a datagram sent at the far end can be read at the near one.
final class SocketPair {
  private(set) var near: Int32
  private var far: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    (near, far) = (ends[0], ends[1])
  }

  deinit { close() }

  func send() { _ = write(far, "x", 1) }

  func receive() {
    var octet: UInt8 = 0
    _ = read(near, &octet, 1)
  }

  func closeNear() {
    if near >= 0 { Foundation.close(near) }
    near = -1
  }

  func closeFar() {
    if far >= 0 { Foundation.close(far) }
    far = -1
  }

  func close() {
    closeNear()
    closeFar()
  }
}
