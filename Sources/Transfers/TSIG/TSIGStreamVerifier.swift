import DNSWire

/// Why a signed answer is not believed.
package enum TSIGStreamError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The first or last message has no signature, or too many in between have none.
  case unsigned
  /// Signed with another key or algorithm than asked for.
  case wrongKey
  /// The code is wrong.
  case badSignature
  /// The time is not within the fudge; ours minus theirs in seconds.
  case badTime(Int64)
  /// The other side refused our signature with this error.
  case refused(UInt16)
  /// The record is damaged.
  case malformed

  package var description: String {
    switch self {
    case .unsigned: "the answer is not signed; check the key's name on the primary"
    case .wrongKey: "the answer is signed with another key"
    case .badSignature: "the answer's signature is wrong; check the secret on both sides"
    case .badTime(let difference):
      "the answer was signed \(difference) s from our time; set the clocks"
    case .refused(let error):
      "the primary refused our signature: "
        + (TSIGError(rawValue: error)?.mnemonic ?? "error \(error)")
    case .malformed: "the answer's TSIG record is damaged"
    }
  }
}

/// Checks the messages of one answer (RFC 8945 §5.3.1, §5.4).
package struct TSIGStreamVerifier {
  /// Messages in a row that may be unsigned: every hundredth must be signed (§5.3.1).
  static let maximumUnsigned = 99

  private let key: TSIGKey
  private var state: MACState
  private var isFirst = true
  private var unsigned = 0

  /// Checks the answer to a request that was signed with `key` and had the code `requestMAC`.
  package init(key: TSIGKey, requestMAC: [UInt8]) {
    self.key = key
    state = Self.begin(key, requestMAC)
  }

  private static func begin(_ key: TSIGKey, _ prior: [UInt8]) -> MACState {
    var state = key.begin()
    state.update(TSIGRecord.octets16(UInt16(clamping: prior.count)))
    state.update(prior)
    return state
  }

  /// Takes the next message.
  ///
  /// - Parameter now: seconds since 1970.
  package mutating func take(
    _ message: Span<UInt8>, at now: Int64
  ) throws(TSIGStreamError) {
    let found: TSIGRecord?
    do throws(WireError) { found = try TSIGRecord.find(in: message) } catch { throw .malformed }
    guard let record = found else {
      guard !isFirst, unsigned < Self.maximumUnsigned else { throw .unsigned }
      unsigned += 1
      state.update(message)
      return
    }
    // §5.3.2: errors about key and code come without a code, so nothing can be checked.
    if record.mac.isEmpty, record.error != 0 { throw .refused(record.error) }
    guard record.keyName == key.name, record.algorithm.canonical == key.algorithm.nameWire else {
      throw .wrongKey
    }
    TSIGRecord.digest(message, upTo: record.start, originalID: record.originalID, into: &state)
    state.update(isFirst ? record.variables : record.timers)
    guard MACState.areEqual(state.code(), record.mac) else { throw .badSignature }
    guard record.error == 0 else { throw .refused(record.error) }
    guard TSIGCheck.isTimely(record, now) else {
      throw .badTime(now &- Int64(clamping: record.timeSigned))
    }
    isFirst = false
    unsigned = 0
    state = Self.begin(key, record.mac)
  }

  /// Whether the message taken last was signed, as the last of a stream must be.
  package var isComplete: Bool { !isFirst && unsigned == 0 }
}
