package import DNSWire
import Synchronization

/// Whether the server is fit to serve, for the threads that answer.
package final class HealthState: Sendable {
  private let fit = Atomic<Bool>(false)

  /// Begins unfit, until somebody has looked.
  package init() {}

  /// Whether it is fit.
  package var isFit: Bool {
    get { fit.load(ordering: .relaxed) }
    set { fit.store(newValue, ordering: .relaxed) }
  }
}

/// A name that is answered as long as the server is fit: for load balancers and routing daemons,
/// which see by it what they cannot see by any other name.
package struct HealthName: Sendable {
  /// Seconds an answer may be kept: not at all, it is about this instant.
  static let ttl: UInt32 = 0
  /// Address in A answers; it only has to be there.
  static let address: [UInt8] = [127, 0, 0, 1]
  static let text: [UInt8] = [2] + Array("ok".utf8)

  let wire: [UInt8]
  let state: HealthState

  /// Has `name` tell about `state`.
  package init(_ name: Name, state: HealthState) {
    wire = name.canonical
    self.state = state
  }

  func matches(_ name: Span<UInt8>) -> Bool {
    guard name.count == wire.count else { return false }
    for index in wire.indices where name[index] != wire[index] { return false }
    return true
  }
}
