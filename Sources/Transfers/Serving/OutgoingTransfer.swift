package import DNSServer
package import DNSWire
import Synchronization
package import ZoneRecords

/// One transfer going out, message by message (RFC 5936 §2.2, RFC 1995 §4).
///
/// Unchecked because the connection that asks for messages does so on its one event loop, and
/// `ended` touches nothing but the slot.
package final class OutgoingTransfer: MessageProducer, @unchecked Sendable {
  /// What an answer has in common with the question.
  package struct Question: Sendable {
    /// ID of the request.
    package var id: UInt16
    /// The question section's entry, as it was asked.
    package var octets: [UInt8]
    /// Whether the request had an OPT record, and the size we state in ours.
    package var ednsSize: Int?

    /// Puts it together.
    package init(id: UInt16, octets: [UInt8], ednsSize: Int?) {
      self.id = id
      self.octets = octets
      self.ednsSize = ednsSize
    }
  }

  /// A stretch of the answer.
  private enum Part {
    case record(ZoneRecord)
    case walk(() throws -> any RecordCursor)
  }

  private let question: Question
  private let parts: [Part]
  private let slot: TransferSlot
  private let deadline: Int64
  private var signer: TSIGSigner?
  private var nextPart = 0
  private var cursor: (any RecordCursor)?
  private var record = ZoneRecord()
  /// Whether `record` still has to be written.
  private var isPending = false
  private var isFirst = true
  private var names = NameCompressor()

  /// Octets of an OPT record without options (RFC 6891 §6.1.2).
  private static let optOctets = 11

  /// A whole zone.
  package init(
    _ content: any ZoneContent, _ question: Question, signer: TSIGSigner?, slot: TransferSlot,
    at now: Int64
  ) {
    parts = [.record(content.soa), .walk { try content.makeCursor() }, .record(content.soa)]
    self.question = question
    self.signer = signer
    self.slot = slot
    deadline = now + TransferLimits.outgoingSeconds * 1_000_000
  }

  /// The steps from an older version to `content`; without steps, the SOA record alone.
  package init(
    _ content: any ZoneContent, _ differences: [any ZoneDifference], _ question: Question,
    signer: TSIGSigner?, slot: TransferSlot, at now: Int64
  ) {
    var parts = [Part.record(content.soa)]
    for step in differences {
      parts += [
        .record(step.oldSOA), .walk { try step.makeDeletions() },
        .record(step.newSOA), .walk { try step.makeAdditions() },
      ]
    }
    if !differences.isEmpty { parts.append(.record(content.soa)) }
    self.parts = parts
    self.question = question
    self.signer = signer
    self.slot = slot
    deadline = now + TransferLimits.outgoingSeconds * 1_000_000
  }

  package func ended() { slot.free() }

  // MARK: - Messages

  package func next(into writer: inout WireWriter, at now: Int64) -> ProducerStep {
    guard now < deadline else { return .failed }
    do {
      if !isPending { isPending = try advance() }
      let room = signer?.key.signatureOctets ?? 0
      writer.setLimit(Limits.messageOctets - room - Self.optOctets)
      names.reset()
      begin(&writer)
      guard try fill(&writer) else { return .failed }
      writer.setLimit(Limits.messageOctets)
      if isFirst, let size = question.ednsSize { appendOPT(size, &writer) }
      signer?.sign(&writer, at: now / 1_000_000)
      isFirst = false
      return isPending ? .message : .lastMessage
    } catch {
      // The client sees the connection close before the last SOA record and asks again.
      return .failed
    }
  }

  /// Header and, in the first message, the question (RFC 5936 §2.2.1, §2.2.2).
  private func begin(_ writer: inout WireWriter) {
    writer.append16(question.id)
    writer.append16(HeaderFlags.response.union(.authoritative).rawValue)
    writer.append16(isFirst ? 1 : 0)
    writer.append16(0)
    writer.append32(0)
    if isFirst { writer.append(question.octets) }
  }

  /// Fills a message with records.
  ///
  /// - Returns: false when a single record does not fit.
  private func fill(_ writer: inout WireWriter) throws -> Bool {
    var count: UInt16 = 0
    while isPending, writer.count < TransferLimits.messageOctets {
      let mark = writer.count
      names.append(record, to: &writer)
      if writer.overflowed {
        writer.rewind(to: mark)
        break
      }
      count += 1
      isPending = try advance()
    }
    writer.patch16(count, at: 6)
    return count > 0
  }

  /// Loads the next record; false at the end.
  private func advance() throws -> Bool {
    while true {
      if cursor != nil {
        if try cursor?.next(&record) == true { return true }
        cursor = nil
      }
      guard nextPart < parts.count else { return false }
      nextPart += 1
      switch parts[nextPart - 1] {
      case .record(let soa):
        record = soa
        return true
      case .walk(let make):
        cursor = try make()
      }
    }
  }

  private func appendOPT(_ size: Int, _ writer: inout WireWriter) {
    writer.append(0)
    writer.append16(RRType.opt.rawValue)
    writer.append16(UInt16(clamping: size))
    writer.append32(0)
    writer.append16(0)
    writer.patch16(1, at: 10)
  }
}

/// A place among the transfers that go out at a time.
package final class TransferSlot: Sendable {
  private let census: TransferCensus
  private let isFree = Atomic(false)

  init(_ census: TransferCensus) { self.census = census }

  /// Gives the place back, once.
  func free() {
    if !isFree.exchange(true, ordering: .relaxed) { census.leave() }
  }

  deinit { free() }
}

/// Counts the transfers that go out.
package final class TransferCensus: Sendable {
  private let limit: Int
  private let open = Atomic<Int>(0)
  private let total = Atomic<Int>(0)

  /// Allows `limit` at a time.
  package init(limit: Int = TransferLimits.outgoing) { self.limit = limit }

  /// A place, nil when all are taken.
  package func enter() -> TransferSlot? {
    let before = open.add(1, ordering: .relaxed).oldValue
    guard before < limit else {
      leave()
      return nil
    }
    total.add(1, ordering: .relaxed)
    return TransferSlot(self)
  }

  func leave() { open.subtract(1, ordering: .relaxed) }

  /// Transfers under way.
  package var underWay: Int { open.load(ordering: .relaxed) }
  /// Transfers begun since the start.
  package var begun: Int { total.load(ordering: .relaxed) }
}
