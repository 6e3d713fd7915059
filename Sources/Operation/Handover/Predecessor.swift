import COperation
package import DNSServer
import Glibc
import Synchronization

/// What a server does when another one takes its place.
package protocol HandoverSource: Sendable {
  /// Every socket it receives on.
  var sockets: [InheritedSocket] { get }
  /// Gives up the data directory and goes on answering; returns why not, nil if done.
  func giveUpDataDirectory() -> String?
  /// Takes the data directory back, since the other one failed.
  func takeBack()
  /// Stops receiving and withdraws its control socket; blocks until that is done.
  func withdraw()
}

/// The old server's side of a takeover: waits on a thread of its own for a successor.
package final class Predecessor: Sendable {
  /// How often the thread looks whether it is to end.
  private static let wakeMilliseconds: Int32 = 250

  private let path: String
  private let listener: SocketDescriptor
  private let source: any HandoverSource
  private let isEnding = Atomic(false)
  private let isOver = Atomic(false)
  private let thread: Mutex<WorkerThread?>

  /// Offers the server's sockets at `path`, to its own user and root.
  ///
  /// The caller holds the data directory's lock, so a file at `path` is a dead server's.
  package init(at path: String, source: any HandoverSource) throws(HandoverError) {
    unlink(path)
    let descriptor = ponor_listen_unix(path)
    guard descriptor >= 0 else { throw .system("listen on \(path)", -descriptor) }
    self.path = path
    self.source = source
    listener = SocketDescriptor(owning: descriptor)
    thread = Mutex(nil)
    thread.withLock { $0 = WorkerThread(name: "ponor-takeover") { [self] in self.run() } }
  }

  /// Whether another server has taken over.
  package var isSucceeded: Bool { isOver.load(ordering: .acquiring) }

  /// Ends the thread.
  package func stop() {
    isEnding.store(true, ordering: .releasing)
    let running = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    running?.join()
    // After a takeover the path is the successor's.
    if !isSucceeded { unlink(path) }
  }

  private func run() {
    while !isEnding.load(ordering: .acquiring), !isSucceeded {
      let peer = ponor_accept_unix(
        listener.number, Self.wakeMilliseconds, HandoverChannel.successorSeconds)
      guard peer > 0 else { continue }
      let channel = HandoverChannel(peer)
      guard channel.isTrusted else { continue }
      try? serve(channel)
    }
  }

  private func serve(_ channel: HandoverChannel) throws(HandoverError) {
    guard let hello = try channel.receive() else { return }
    guard hello.message == .greeting(version: HandoverMessage.version) else {
      return try channel.send(
        .refusal("it speaks another version; stop it and start without --takeover"))
    }
    var rest = source.sockets[...]
    while !rest.isEmpty {
      try channel.send(.sockets, Array(rest.prefix(PONOR_DESCRIPTORS)))
      rest = rest.dropFirst(PONOR_DESCRIPTORS)
    }
    try channel.send(.all)
    guard try channel.receive()?.message == .prepare else { return }
    if let reason = source.giveUpDataDirectory() {
      return try channel.send(.refusal(reason))
    }
    var isServing = false
    defer { if !isServing { source.takeBack() } }
    try channel.send(.prepared)
    guard try channel.receive()?.message == .serving else { return }
    isServing = true
    source.withdraw()
    isOver.store(true, ordering: .releasing)
    try channel.send(.withdrawn)
  }
}
