package import DNSWire

/// Signs the messages of one answer, or one request (RFC 8945 §5.1, §5.3).
package struct TSIGSigner: Sendable {
  /// The key.
  package let key: TSIGKey
  /// The code of the message before: the request's, then of each message sent.
  package private(set) var priorMAC: [UInt8]
  private var signsTimersOnly = false

  /// Signs with `key`; an answer starts with the code of its request.
  package init(key: TSIGKey, requestMAC: [UInt8] = []) {
    self.key = key
    priorMAC = requestMAC
  }

  /// Signs the message in `writer`, whose limit leaves room for `TSIGKey.signatureOctets`.
  ///
  /// - Parameter now: seconds since 1970.
  package mutating func sign(_ writer: inout WireWriter, at now: Int64) {
    var record = TSIGRecord()
    record.timeSigned = UInt64(clamping: now)
    sign(&writer, record)
  }

  /// Signs with an error and what belongs to it (§5.2.3).
  mutating func sign(_ writer: inout WireWriter, _ given: TSIGRecord) {
    var record = given
    record.keyName = key.name
    record.algorithm = (try? Name(wire: key.algorithm.nameWire)) ?? .root
    record.originalID = writer.peek16(at: 0)
    var state = key.begin()
    if !priorMAC.isEmpty {
      state.update(TSIGRecord.octets16(UInt16(clamping: priorMAC.count)))
      state.update(priorMAC)
    }
    writer.withWritten { state.update($0) }
    state.update(signsTimersOnly ? record.timers : record.variables)
    record.mac = state.code()
    priorMAC = record.mac
    signsTimersOnly = true
    record.append(to: &writer)
  }
}
