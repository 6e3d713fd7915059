import DNSServer
import Recursion

/// Has a UDP worker's thread carry one loop of the resolver in force, so that a question is resolved
/// where it came in.
package final class RecursionHost: ReadinessWaiter {
  private let recursor: Recursor
  private let host: LoopHost
  private var generation = -1

  /// Makes the host of the loop `number`.
  package init(_ recursor: Recursor, number: Int) {
    self.recursor = recursor
    host = LoopHost(number: number, milliseconds: UDPSocket.wakeMilliseconds)
  }

  package func wait(for descriptors: [Int32]) -> UInt64? {
    let now = recursor.generation
    if now != generation {
      generation = now
      host.follow(recursor.resolvers.main)
    }
    return host.wait(for: descriptors)
  }

  package func takeUp() { host.takeUp() }

  package var isQuiet: Bool { host.isQuiet }

  package func leave() { host.leave() }
}
