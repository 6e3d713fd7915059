package import DNSWire
import Synchronization

/// Answers of the recursion in wire form, shared by all threads, in bounded memory.
///
/// It holds what the Internet said, never what policy made of it (DESIGN §2 rule 1): an answer is
/// judged each time it is served. Looking up takes no lock and does not allocate.
package final class AnswerCache: Sendable {
  /// Bounds on how long answers are kept, in seconds.
  package struct Lifetimes: Sendable {
    /// Longest time for positive answers (RFC 8767 §4 recommends days at most).
    package var positive: UInt32 = 86_400
    /// Longest time for NXDOMAIN and NODATA (RFC 2308 §5 recommends one to three hours).
    package var negative: UInt32 = 3600
    /// Time for failures (RFC 9520 §3.2: at least 1 second, at most 5 minutes).
    package var failure: UInt32 = 5
    /// Shortest time for positive answers.
    package var minimum: UInt32 = 0

    /// Creates the default bounds.
    package init() {}
  }

  /// An answer to be stored.
  package struct Entry: Sendable {
    /// Answer, authority and additional section as they follow a question for the same name.
    package var octets: [UInt8]
    /// Where TTLs stand in `octets`.
    package var ttlOffsets: [UInt16]
    /// Counts, codes and CNAME chain.
    package var info: AnswerInfo
    /// Seconds the answer may be kept according to its records.
    package var timeToLive: UInt32

    /// Describes an answer.
    package init(
      octets: [UInt8], ttlOffsets: [UInt16], info: AnswerInfo, timeToLive: UInt32
    ) {
      self.octets = octets
      self.ttlOffsets = ttlOffsets
      self.info = info
      self.timeToLive = timeToLive
    }
  }

  /// Most answers have fewer than 350 octets; the rest goes to slots of 4 KiB.
  private static let smallSlot = 512
  private static let largeSlot = 4096

  private let small: SlotTable
  private let large: SlotTable
  private let hashKey = SipHash.Key.random()
  private let epoch = Atomic<UInt32>(1)
  /// Memory reserved, in octets.
  package let memory: Int
  /// The bounds in force.
  package let lifetimes: Lifetimes

  /// Reserves `memory` octets.
  package init(memory: Int, lifetimes: Lifetimes = Lifetimes()) {
    self.memory = memory
    self.lifetimes = lifetimes
    small = SlotTable(slotOctets: Self.smallSlot, octets: memory / 4 * 3)
    large = SlotTable(slotOctets: Self.largeSlot, octets: memory / 4)
  }

  /// Slots that hold an answer, expired ones included.
  package var count: Int {
    small.used.load(ordering: .relaxed) + large.used.load(ordering: .relaxed)
  }

  /// The key of a question.
  package func key(
    _ name: borrowing NameBuffer, qtype: RRType, qclass: RRClass, dnssecOK: Bool,
    checkingDisabled: Bool
  ) -> AnswerKey {
    AnswerKey(
      name: SipHash.hash(name.canonicalBytes, key: hashKey), qtype: qtype, qclass: qclass,
      dnssecOK: dnssecOK, checkingDisabled: checkingDisabled)
  }

  /// Appends the answer under `key` behind the question that stands in `writer`.
  ///
  /// - Parameter now: unix seconds.
  /// - Returns: whether there was one; `writer.overflowed` then tells whether it did not fit.
  package func read(
    _ key: AnswerKey, at now: Int64, into writer: inout WireWriter, info: inout AnswerInfo
  ) -> Bool {
    let epoch = epoch.load(ordering: .relaxed)
    if small.read(key, at: now, epoch: epoch, into: &writer, info: &info) { return true }
    return large.read(key, at: now, epoch: epoch, into: &writer, info: &info)
  }

  /// Stores an answer; one that is too large or lives for no time is left out.
  ///
  /// - Parameter now: unix seconds.
  /// - Returns: whether it was stored.
  @discardableResult
  package func store(_ entry: Entry, under key: AnswerKey, at now: Int64) -> Bool {
    let life = lifetime(of: entry)
    guard life > 0, entry.octets.count <= Int(UInt16.max) else { return false }
    let links = (0..<entry.info.chainCount).map { entry.info.chain[$0] }
    let size = entry.octets.count + entry.ttlOffsets.count * 2 + links.count * SlotTable.linkOctets
    let table = size <= small.room ? small : large
    guard size <= table.room else { return false }
    var fields = SlotTable.Fields()
    fields.low = key.low
    fields.high = key.high
    fields.storedAt = now
    fields.expiresAt = now + Int64(life)
    fields.epoch = epoch.load(ordering: .relaxed)
    fields.rcode = entry.info.rcode.rawValue
    fields.answerCount = entry.info.answerCount
    fields.authorityCount = entry.info.authorityCount
    fields.additionalCount = entry.info.additionalCount
    fields.extendedError = entry.info.extendedError ?? .max
    fields.octetCount = UInt16(truncatingIfNeeded: entry.octets.count)
    fields.ttlCount = UInt16(truncatingIfNeeded: entry.ttlOffsets.count)
    fields.chainCount = UInt8(truncatingIfNeeded: links.count)
    fields.isSecure = entry.info.isSecure
    return table.write(
      key, fields, octets: entry.octets, ttlOffsets: entry.ttlOffsets, chain: links)
  }

  private func lifetime(of entry: Entry) -> UInt32 {
    switch entry.info.rcode {
    case .noError where entry.info.answerCount > 0:
      min(max(entry.timeToLive, lifetimes.minimum), lifetimes.positive)
    case .noError, .nameError:
      min(entry.timeToLive, lifetimes.negative)
    default:
      min(entry.timeToLive, lifetimes.failure)
    }
  }

  /// Forgets everything, at once and without touching the memory.
  package func flush() {
    epoch.add(1, ordering: .relaxed)
  }
}
