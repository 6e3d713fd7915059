import DNSServer
import Dispatch
import Glibc
import HitLog
import Logging
import Operation

/// A running server as its successor sees it.
struct TakeoverSource: HandoverSource {
  let parts: ServerParts
  let control: ControlPlaneLife
  let health: HealthWatch
  let logger: Logger
  /// Called when the successor answers.
  let onSucceeded: @Sendable () -> Void

  /// How often, and after which pauses, the data directory is asked for again: 10 s in all.
  private static let attempts = 200
  private static let pauseMicroseconds: UInt32 = 50_000

  var sockets: [InheritedSocket] { parts.sockets.all }

  func giveUpDataDirectory() -> String? {
    logger.notice("another server is about to take over")
    do throws(HitHandoverError) {
      try parts.hits.handOver()
      return nil
    } catch {
      logger.error("not handed over: \(error)")
      return error.description
    }
  }

  func takeBack() {
    // A process that dies closes its connection before its lock.
    var isBack = parts.hits.takeBack()
    for _ in 0..<Self.attempts where !isBack {
      usleep(Self.pauseMicroseconds)
      isBack = parts.hits.takeBack()
    }
    logger.error(
      "the other server did not get to answer; this one goes on\(isBack ? "" : " without storing hits")"
    )
  }

  func withdraw() {
    health.beginDraining()
    // The successor reads the same sockets: what waits in them is its.
    parts.udp.stop(emptying: false)
    let done = DispatchSemaphore(value: 0)
    Task {
      await parts.tcp.stopAccepting()
      await control.stop()
      done.signal()
    }
    done.wait()
    onSucceeded()
  }
}
