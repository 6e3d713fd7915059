/// Something a worker's thread looks after beside its sockets, and waits for together with them.
///
/// All is called on the worker's thread.
public protocol ReadinessWaiter: AnyObject {
  /// Waits until a socket can be read, other work has come and been done, or
  /// `UDPSocket.wakeMilliseconds` are over.
  ///
  /// - Returns: which of the sockets can be read, as bits; nil, without waiting, when there is
  ///   nothing else to wait for at present.
  func wait(for descriptors: [Int32]) -> UInt64?

  /// Takes up what the queries just answered have left to do.
  func takeUp()

  /// Whether nothing is under way that could need the thread soon.
  var isQuiet: Bool { get }

  /// Hands everything to other threads: the worker ends.
  func leave()
}
