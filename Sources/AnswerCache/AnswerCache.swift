public import DNSWire
import Synchronization

/// Answers of the recursion in wire form, shared by all threads, in bounded memory.
///
/// It holds what the Internet said, never what policy made of it (DESIGN §2 rule 1): an answer is
/// judged each time it is served. Looking up takes no lock and does not allocate.
public final class AnswerCache: Sendable {
  /// Bounds on how long answers are kept, in seconds.
  public struct Lifetimes: Sendable {
    /// Longest time for positive answers (RFC 8767 §4 recommends days at most).
    public var positive: UInt32 = 86_400
    /// Longest time for NXDOMAIN and NODATA (RFC 2308 §5 recommends one to three hours).
    public var negative: UInt32 = 3600
    /// Time for failures (RFC 9520 §3.2: at least 1 second, at most 5 minutes).
    public var failure: UInt32 = 5
    /// Shortest time for positive answers.
    public var minimum: UInt32 = 0
    /// How long after its end an answer may be served stale (RFC 8767 §5 suggests 1 to 3 days); 0
    /// for never.
    public var stale: UInt32 = 86_400
    /// How long a stale answer is served after a failure before asking again (RFC 8767 §5: 30 s).
    public var recheck: UInt32 = 30
    /// Whether popular answers are refreshed before they end.
    public var refreshes = true

    /// Creates the default bounds.
    public init() {}
  }

  /// An answer to be stored.
  public struct Entry: Sendable {
    /// Answer, authority and additional section as they follow a question for the same name.
    public var octets: [UInt8]
    /// Where TTLs stand in `octets`.
    public var ttlOffsets: [UInt16]
    /// Counts, codes and CNAME chain.
    public var info: AnswerInfo
    /// Seconds the answer may be kept according to its records.
    public var timeToLive: UInt32
    /// Of which zones it is.
    public var origin = AnswerOrigin()

    /// Describes an answer.
    public init(
      octets: [UInt8], ttlOffsets: [UInt16], info: AnswerInfo, timeToLive: UInt32
    ) {
      self.octets = octets
      self.ttlOffsets = ttlOffsets
      self.info = info
      self.timeToLive = timeToLive
    }
  }

  /// The TTL of stale answers (RFC 8767 §4).
  public static let staleTTL: UInt32 = 30
  /// A hit in the last tenth of an answer's life has it refreshed, as in Unbound.
  private static let refreshShare: UInt32 = 10
  /// Answers with a shorter life are not refreshed: it would double the questions.
  private static let shortestRefreshed: UInt32 = 5

  /// Most answers have fewer than 350 octets; the rest goes to slots of 4 KiB.
  private static let smallSlot = 512
  private static let largeSlot = 4096

  let small: SlotTable
  let large: SlotTable
  let hashKey: SipHash.Key
  let epoch = Atomic<UInt32>(1)
  /// Memory reserved, in octets.
  public let memory: Int
  private let bounds: Mutex<Lifetimes>

  /// Reserves `memory` octets.
  public init(
    memory: Int, lifetimes: Lifetimes = Lifetimes(), hashKey: SipHash.Key = .random()
  ) {
    self.memory = memory
    self.hashKey = hashKey
    bounds = Mutex(lifetimes)
    small = SlotTable(slotOctets: Self.smallSlot, octets: memory / 4 * 3)
    large = SlotTable(slotOctets: Self.largeSlot, octets: memory / 4)
  }

  /// The bounds in force for answers stored from now on.
  public var lifetimes: Lifetimes {
    get { bounds.withLock { $0 } }
    set { bounds.withLock { $0 = newValue } }
  }

  /// Slots that hold an answer, expired ones included.
  public var count: Int {
    small.used.load(ordering: .relaxed) + large.used.load(ordering: .relaxed)
  }

  /// The key of a question.
  public func key(
    _ canonicalName: Span<UInt8>, qtype: RRType, qclass: RRClass, dnssecOK: Bool,
    checkingDisabled: Bool
  ) -> AnswerKey {
    AnswerKey(
      name: SipHash.hash(canonicalName, key: hashKey), qtype: qtype, qclass: qclass,
      dnssecOK: dnssecOK, checkingDisabled: checkingDisabled)
  }

  /// Where an answer about `name` belongs.
  public func origin(of name: borrowing NameBuffer) -> AnswerOrigin {
    AnswerOrigin(name, key: hashKey)
  }

  /// Says that `read` is about to look for `key`: what it needs of the memory is then on its way.
  public func prefetch(_ key: AnswerKey) {
    small.prefetch(key)
    large.prefetch(key)
  }

  /// Appends the answer under `key` behind the question that stands in `writer`.
  ///
  /// - Parameter now: unix seconds.
  /// - Returns: whether there was one; `writer.overflowed` then tells whether it did not fit.
  public func read(
    _ key: AnswerKey, at now: Int64, into writer: inout WireWriter, info: inout AnswerInfo
  ) -> Bool {
    let epoch = epoch.load(ordering: .relaxed)
    if small.read(key, at: now, epoch: epoch, into: &writer, info: &info) { return true }
    return large.read(key, at: now, epoch: epoch, into: &writer, info: &info)
  }

  /// The answer under `key` if it may be served stale; for use after asking has failed.
  ///
  /// - Parameter now: unix seconds.
  public func stale(_ key: AnswerKey, at now: Int64) -> Entry? {
    let epoch = epoch.load(ordering: .relaxed)
    return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.largeSlot) {
      buffer in
      var writer = unsafe WireWriter(buffer)
      var info = AnswerInfo()
      let isFound =
        small.read(key, at: now, epoch: epoch, wanted: .stale, into: &writer, info: &info)
        || large.read(key, at: now, epoch: epoch, wanted: .stale, into: &writer, info: &info)
      guard isFound, !writer.overflowed else { return nil }
      info.needsRefresh = false
      let octets = writer.withWritten { span in span.indices.map { span[$0] } }
      return Entry(octets: octets, ttlOffsets: [], info: info, timeToLive: Self.staleTTL)
    }
  }

  /// Notes that asking for what is under `key` failed: a stale answer is then served for a while
  /// without asking again.
  ///
  /// - Returns: whether there is one; if not, the failure is to be stored.
  public func postpone(_ key: AnswerKey, at now: Int64) -> Bool {
    let until = now + Int64(lifetimes.recheck)
    let epoch = epoch.load(ordering: .relaxed)
    return small.postpone(key, at: now, until: until, epoch: epoch)
      || large.postpone(key, at: now, until: until, epoch: epoch)
  }

  /// Stores an answer; one that is too large or lives for no time is left out.
  ///
  /// - Parameter now: unix seconds.
  /// - Returns: whether it was stored.
  @discardableResult
  public func store(_ entry: Entry, under key: AnswerKey, at now: Int64) -> Bool {
    let lifetimes = lifetimes
    let life = Self.lifetime(of: entry, lifetimes)
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
    fields.isOfRefresher = entry.info.isOfRefresher
    fields.origin = entry.origin
    if entry.info.rcode == .noError || entry.info.rcode == .nameError {
      fields.staleUntil = fields.expiresAt + Int64(lifetimes.stale)
      if lifetimes.refreshes, life >= Self.shortestRefreshed {
        fields.refreshAt = fields.expiresAt - Int64(max(1, life / Self.refreshShare))
      }
    }
    guard !links.isEmpty else {
      return table.write(fields, ttlOffsets: entry.ttlOffsets, octets: entry.octets)
    }
    return table.write(fields, payload: Self.payload(of: entry, links))
  }

  /// TTL offsets, chain and octets as they stand in a slot.
  private static func payload(of entry: Entry, _ links: [AnswerInfo.ChainLink]) -> [UInt8] {
    var payload: [UInt8] = []
    payload.reserveCapacity(
      entry.ttlOffsets.count * 2 + links.count * SlotTable.linkOctets + entry.octets.count)
    for offset in entry.ttlOffsets { append(offset, to: &payload) }
    for link in links {
      append(link.target, to: &payload)
      append(link.end, to: &payload)
      append(link.recordCount, to: &payload)
    }
    payload += entry.octets
    return payload
  }

  private static func append(_ word: UInt16, to payload: inout [UInt8]) {
    payload.append(UInt8(truncatingIfNeeded: word))
    payload.append(UInt8(truncatingIfNeeded: word >> 8))
  }

  private static func lifetime(of entry: Entry, _ lifetimes: Lifetimes) -> UInt32 {
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
  public func flush() {
    epoch.add(1, ordering: .relaxed)
  }
}
