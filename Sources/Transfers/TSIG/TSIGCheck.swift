package import DNSWire

/// What the signature of a request is worth (RFC 8945 §5.2).
package enum TSIGCheck: Sendable {
  /// There is none.
  case unsigned
  /// It is good: answers are signed with this.
  case valid(TSIGSigner)
  /// It is refused; the failure writes the answer.
  case refused(TSIGFailure)
  /// The record is damaged: FORMERR (§5.2).
  case malformed

  /// Checks a request.
  ///
  /// - Parameter now: seconds since 1970.
  package init(_ message: Span<UInt8>, keys: TSIGKeyring, at now: Int64) {
    do throws(WireError) {
      guard let record = try TSIGRecord.find(in: message) else {
        self = .unsigned
        return
      }
      self = Self.check(message, record, keys, now)
    } catch {
      self = .malformed
    }
  }

  private static func check(
    _ message: Span<UInt8>, _ record: TSIGRecord, _ keys: TSIGKeyring, _ now: Int64
  ) -> TSIGCheck {
    guard let key = keys[record.keyName], key.algorithm.nameWire == record.algorithm.canonical
    else { return .refused(TSIGFailure(.badKey, record)) }
    // §5.2.2.1: longer than the hash or below half of it is malformed; what is merely shortened is
    // refused, since none of the peers we know shortens.
    let whole = key.algorithm.macOctets
    guard record.mac.count == whole else {
      let isShort = (max(10, whole / 2)..<whole).contains(record.mac.count)
      return isShort ? .refused(TSIGFailure(.badTruncation, record)) : .malformed
    }
    var state = key.begin()
    TSIGRecord.digest(message, upTo: record.start, originalID: record.originalID, into: &state)
    state.update(record.variables)
    guard MACState.areEqual(state.code(), record.mac) else {
      return .refused(TSIGFailure(.badSignature, record))
    }
    guard isTimely(record, now) else {
      return .refused(TSIGFailure(.badTime, record, key: key, now: now))
    }
    return .valid(TSIGSigner(key: key, requestMAC: record.mac))
  }

  /// §5.2.3: within the fudge that the signer asked for.
  static func isTimely(_ record: TSIGRecord, _ now: Int64) -> Bool {
    let now = UInt64(clamping: now)
    let distance = now > record.timeSigned ? now - record.timeSigned : record.timeSigned - now
    return distance <= UInt64(record.fudge)
  }
}

/// A signature that was refused, and how that is said (RFC 8945 §5.3.2).
package struct TSIGFailure: Sendable {
  /// Why.
  package let error: TSIGError
  private let request: TSIGRecord
  private let key: TSIGKey?
  private let now: Int64

  init(_ error: TSIGError, _ request: TSIGRecord, key: TSIGKey? = nil, now: Int64 = 0) {
    self.error = error
    self.request = request
    self.key = key
    self.now = now
  }

  /// Name of the key the request named.
  package var keyName: Name { request.keyName }

  /// Octets that `append` takes at most.
  package var octets: Int {
    request.keyName.wire.count + 10 + request.algorithm.wire.count + 16 + 6
      + (key?.algorithm.macOctets ?? 0)
  }

  /// Appends the TSIG record of the answer, whose response code is NOTAUTH.
  ///
  /// Wrong key and wrong code are answered unsigned; a wrong time is signed, and has our time in it
  /// (§5.2.3), so that the other side can tell a wrong clock from an attack.
  package func append(to writer: inout WireWriter) {
    var record = TSIGRecord()
    record.keyName = request.keyName
    record.algorithm = request.algorithm
    record.timeSigned = request.timeSigned
    record.fudge = request.fudge
    record.originalID = writer.peek16(at: 0)
    record.error = error.rawValue
    guard let key else { return record.append(to: &writer) }
    let seconds = UInt64(clamping: now)
    record.other = (0..<6).map { UInt8(truncatingIfNeeded: seconds >> UInt64(40 - 8 * $0)) }
    var signer = TSIGSigner(key: key, requestMAC: request.mac)
    signer.sign(&writer, record)
  }
}
