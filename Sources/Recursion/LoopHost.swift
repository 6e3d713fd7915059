// Unsafe: C callbacks of the event loop, whose `void *` is an unretained object that the host keeps
// alive until the event is destroyed.

import CEventLoop
import Glibc
import Synchronization

/// Carries one recursion loop on a thread that has sockets of its own to wait for.
///
/// A question that comes in on the thread that also resolves it needs no hop to another thread and
/// back: that costs as much as all of a cache hit. Loops without a host, and those whose resolver
/// is to stop, are carried by threads of their own.
public final class LoopHost {
  /// How long to wait at once while the loop is on its way, milliseconds.
  private static let takeOverPause: Int32 = 1

  private let number: Int
  private let longestWait: Int32
  private var source: ResolverThread?
  private var loop: ThreadLoop?
  private var events: [OpaquePointer] = []
  private var sockets: [HostSocket] = []

  /// Makes a host of the loop `number`, which waits up to `milliseconds` at a time.
  public init(number: Int, milliseconds: Int32) {
    self.number = number
    longestWait = milliseconds
  }

  /// Takes over the loop of another resolver; the former one's goes back to a thread of its own.
  public func follow(_ resolver: Resolver) {
    leave()
    source = resolver.thread(number)
    source?.want()
  }

  /// Waits until a descriptor can be read or other work has been done.
  ///
  /// - Returns: which descriptors can be read, as bits; nil, without waiting, if there is no loop.
  public func wait(for descriptors: [Int32]) -> UInt64? {
    guard let loop else { return source.flatMap { takeOver($0, descriptors) } }
    if loop.control.isStopping {
      leave()
      return nil
    }
    loop.takeUp()
    loop.readable = 0
    ponor_loop_run(loop.context.loop, longestWait)
    return loop.readable
  }

  /// Takes up questions that were asked on this thread.
  public func takeUp() { loop?.takeUp() }

  /// Whether it carries a loop at present.
  public var isCarrying: Bool { loop != nil }

  /// Whether no question is under way.
  public var isQuiet: Bool { (loop?.control.queue.inFlight ?? 0) == 0 }

  /// Gives the loop back to a thread of its own.
  public func leave() {
    if let loop, let source {
      for event in events { ponor_event_destroy(event) }
      events.removeAll()
      sockets.removeAll()
      loop.disarm()
      loop.control.hostThread.store(0, ordering: .releasing)
      source.giveBack(loop)
    } else {
      source?.unwant()
    }
    loop = nil
    source = nil
  }

  private func takeOver(_ source: ResolverThread, _ descriptors: [Int32]) -> UInt64? {
    switch source.take() {
    case .loop(let taken):
      carry(taken, descriptors)
      return 0
    case .never:
      self.source = nil
      return nil
    case .notYet:
      var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      guard poll(&polled, nfds_t(polled.count), Self.takeOverPause) > 0 else { return 0 }
      return polled.indices.reduce(0) { $0 | (polled[$1].revents == 0 ? 0 : 1 << UInt64($1)) }
    }
  }

  private func carry(_ loop: ThreadLoop, _ descriptors: [Int32]) {
    self.loop = loop
    loop.arm()
    for (index, descriptor) in descriptors.enumerated() {
      let socket = HostSocket(loop: loop, bit: 1 << UInt64(index))
      sockets.append(socket)
      let me = Unmanaged.passUnretained(socket).toOpaque()
      guard
        let event = ponor_event_create(
          loop.context.loop, descriptor, Int16(PONOR_READ | PONOR_PERSIST), onReadable, me)
      else { continue }
      ponor_event_start(event, -1)
      events.append(event)
    }
    loop.control.hostThread.store(UInt(pthread_self()), ordering: .releasing)
  }
}

/// What the callback for a socket of a host refers to.
private final class HostSocket {
  let loop: ThreadLoop
  let bit: UInt64

  init(loop: ThreadLoop, bit: UInt64) {
    self.loop = loop
    self.bit = bit
  }
}

private let onReadable: ponor_event_callback = { _, _, data in
  guard let data else { return }
  let socket = Unmanaged<HostSocket>.fromOpaque(data).takeUnretainedValue()
  socket.loop.readable |= socket.bit
}
