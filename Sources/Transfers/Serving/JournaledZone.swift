package import DNSWire
import Synchronization
package import ZoneRecords

/// A zone whose versions replace each other in memory, with the steps between them.
///
/// The steps are kept in memory and bounded: after a restart, or further back, the whole zone is
/// sent.
package final class JournaledZone: TransferSource {
  /// Steps kept: as many as a secondary that missed a day of hourly changes needs.
  package static let maximumSteps = 24
  /// Octets of records in all steps.
  package static let maximumOctets = 32 << 20

  /// A version with the steps that lead to it.
  private struct Version: ZoneContent {
    let base: any ZoneContent
    let steps: [RecordDifference]

    var apex: Name { base.apex }
    var soa: ZoneRecord { base.soa }
    func makeCursor() throws -> any RecordCursor { try base.makeCursor() }

    func differences(since serial: UInt32) -> [any ZoneDifference]? {
      guard let first = steps.firstIndex(where: { $0.oldSOA.serial == serial }) else { return nil }
      return Array(steps[first...])
    }
  }

  package let apex: Name
  private let version: Mutex<Version?> = Mutex(nil)

  /// A zone without data yet.
  package init(apex: Name) { self.apex = apex }

  package func current() -> (any ZoneContent)? { version.withLock { $0 } }

  /// Replaces the version; not for query threads.
  ///
  /// - Parameter content: nil when there is nothing to hand out any more.
  package func publish(_ content: (any ZoneContent)?) {
    let old = version.withLock { $0 }
    let fresh = content.map { content in
      Version(base: content, steps: old.map { Self.steps(from: $0, to: content) } ?? [])
    }
    version.withLock { $0 = fresh }
  }

  private static func steps(from old: Version, to new: any ZoneContent) -> [RecordDifference] {
    // A serial number that did not grow leads nowhere: who has the old version cannot be told.
    guard SerialNumber.isNewer(new.serial, than: old.serial),
      let step = try? ZoneComparison.difference(
        from: old.base, to: new, limit: maximumOctets)
    else { return [] }
    var steps = old.steps + [step]
    var octets = steps.reduce(0) { $0 + ZoneComparison.octets($1) }
    while steps.count > maximumSteps || octets > maximumOctets, let first = steps.first {
      octets -= ZoneComparison.octets(first)
      steps.removeFirst()
    }
    return steps
  }
}
