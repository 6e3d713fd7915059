import DNSWire
import Glibc
import ZoneRecords

/// Takes the messages of one transfer and makes the new copy of the zone of them.
///
/// The copy is complete or not there: it is written aside and put into place at the very end.
final class TransferReceiver {
  private let zone: SecondaryZone
  private let old: RecordFile?
  private let now: @Sendable () -> Int64
  private let path: String
  private var reader: TransferReader
  private var verifier: TSIGStreamVerifier?
  private var writer: RecordFileWriter?
  private var delta = ZoneDelta()
  private var newSOA = ZoneRecord()
  private var isIncremental = false
  /// What came of it, once the transfer is done.
  private(set) var result: TransferResult?

  /// Receives the answer to a request with this ID.
  ///
  /// - Parameters:
  ///   - old: the version at hand.
  ///   - path: where the new copy goes.
  init(
    _ zone: SecondaryZone, _ request: TransferReader.Request, id: UInt16, old: RecordFile?,
    verifier: TSIGStreamVerifier?, path: String, now: @escaping @Sendable () -> Int64
  ) {
    self.zone = zone
    self.old = old
    self.verifier = verifier
    self.path = path
    self.now = now
    reader = TransferReader(apex: zone.apex, request: request, id: id)
  }

  /// Takes one message.
  func take(_ message: Span<UInt8>) throws(TransferFault) {
    do throws(TSIGStreamError) {
      try verifier?.take(message, at: now())
    } catch {
      throw .unsigned(error)
    }
    // An exclusive access to `reader` would bar `take(event)` from the rest of this object.
    var reader = reader
    try reader.take(message) { (event) throws(TransferFault) in try take(event) }
    self.reader = reader
  }

  private func take(_ event: TransferEvent) throws(TransferFault) {
    switch event {
    case .current:
      result = .current
    case .newer:
      throw .doesNotFit("the primary has a newer version but sent nothing of it")
    case .whole(let soa):
      newSOA = soa
      try store { () throws(RecordFileError) in
        writer = try RecordFileWriter(path: path)
        try writer?.add(soa)
      }
    case .record(let record):
      try store { () throws(RecordFileError) in try writer?.add(record) }
      try checkSize()
    case .incremental(let soa):
      newSOA = soa
      isIncremental = true
    case .deletion(let record): try delta.delete(record)
    case .addition(let record): try delta.add(record)
    case .end: try finish()
    }
  }

  private func finish() throws(TransferFault) {
    // RFC 8945 §5.3.1: the last message must be signed, or the end could be forged.
    guard verifier?.isComplete ?? true else { throw .unsigned(.unsigned) }
    if isIncremental { try applyDelta() }
    let records = writer?.recordCount ?? 0
    let time = now()
    guard let writer = writer.take() else { return }
    do throws(RecordFileError) {
      try writer.finish(checkedAt: time)
    } catch {
      throw .storage(error.description)
    }
    result = .updated(soa: newSOA, records: records, incremental: isIncremental)
  }

  private func applyDelta() throws(TransferFault) {
    guard let old else { throw .doesNotFit("there is no version to change") }
    do {
      var fresh = try RecordFileWriter(path: path)
      try delta.apply(to: old, soa: newSOA, into: &fresh)
      writer = consume fresh
    } catch let fault as TransferFault {
      throw fault
    } catch {
      throw .storage("\(error)")
    }
    try checkSize()
  }

  private func checkSize() throws(TransferFault) {
    guard writer?.octets ?? 0 <= zone.maximumOctets else {
      throw .tooLarge("more than \(zone.maximumOctets) octets")
    }
  }

  private func store(
    _ body: () throws(RecordFileError) -> Void
  ) throws(TransferFault) {
    do throws(RecordFileError) { try body() } catch { throw .storage(error.description) }
  }
}

/// What came of a check with a primary.
enum TransferResult: Sendable, Equatable {
  /// Our version is the newest.
  case current
  /// A new version has been written.
  case updated(soa: ZoneRecord, records: Int, incremental: Bool)
}
