import Addressing

/// Writes dnstap messages (dnstap.proto, protocol buffers version 2).
///
/// By hand, because the twenty fields that are filled need two of the wire format's rules; a
/// protocol buffer library would be a third of the build for them.
package struct DnstapEncoder {
  /// What a hit is said to be.
  package struct Rule: Sendable, Equatable {
    /// The kind of policy, such as `DGA` or `RPZ`.
    package var type: String
    /// The rule: text, or the owner name in wire form for `RPZ`.
    package var rule: [UInt8]

    /// Puts both together.
    package init(type: String, rule: [UInt8]) {
      self.type = type
      self.rule = rule
    }
  }

  private let identity: [UInt8]
  private let version: [UInt8]
  private var policy = Fields()
  private var inner = Fields()
  private var outer = Fields()

  /// Makes an encoder.
  ///
  /// - Parameters:
  ///   - identity: who sends, empty says nothing.
  ///   - version: with what program, empty says nothing.
  package init(identity: String, version: String) {
    self.identity = Array(identity.utf8)
    self.version = Array(version.utf8)
  }

  /// Encodes a message as one frame.
  ///
  /// - Parameters:
  ///   - name: wire form of the name that a hit is about.
  ///   - rule: what the hit is said to be.
  package mutating func encode(
    _ record: TapRecord, name: [UInt8], message: [UInt8], rule: Rule?
  ) -> [UInt8] {
    inner.clear()
    writeMessage(record, message)
    if let hit = record.policy {
      policy.clear()
      writePolicy(hit, record, name, rule)
      inner.bytes(15, policy.octets)
    }
    outer.clear()
    if !identity.isEmpty { outer.bytes(1, identity) }
    if !version.isEmpty { outer.bytes(2, version) }
    outer.bytes(14, inner.octets)
    outer.number(15, 1)
    return outer.octets
  }

  private mutating func writeMessage(_ record: TapRecord, _ message: [UInt8]) {
    inner.number(1, UInt64(record.kind.rawValue))
    // SocketFamily: 1 is INET, 2 is INET6; both ends have the same.
    inner.number(2, record.client.address.isIPv4 ? 1 : 2)
    inner.number(3, UInt64(record.carrier.rawValue))
    inner.bytes(4, record.client.address.octets)
    if record.server.address.isIPv4 == record.client.address.isIPv4 {
      inner.bytes(5, record.server.address.octets)
    }
    if record.client.port != 0 { inner.number(6, UInt64(record.client.port)) }
    inner.number(7, UInt64(record.server.port))
    if let time = record.queryTime { inner.time(8, time) }
    if record.kind == .clientQuery { inner.bytes(10, message) }
    if let time = record.responseTime { inner.time(12, time) }
    if record.kind == .clientResponse { inner.bytes(14, message) }
  }

  private mutating func writePolicy(
    _ hit: TapRecord.Policy, _ record: TapRecord, _ name: [UInt8], _ rule: Rule?
  ) {
    if let rule {
      policy.bytes(1, Array(rule.type.utf8))
      policy.bytes(2, rule.rule)
    }
    policy.number(3, UInt64(hit.action))
    policy.number(4, UInt64(hit.match))
    switch hit.match {
    case 1: policy.bytes(5, name)
    case 2: policy.bytes(5, record.client.address.octets)
    default: break
    }
  }
}

/// Fields of a protocol buffer message.
private struct Fields {
  private(set) var octets: [UInt8] = []

  mutating func clear() { octets.removeAll(keepingCapacity: true) }

  /// Wire type 0: a number in groups of seven bits, the lowest first.
  mutating func number(_ field: UInt64, _ value: UInt64) {
    varint(field << 3)
    varint(value)
  }

  /// Wire type 2: a length and that many octets.
  mutating func bytes(_ field: UInt64, _ value: [UInt8]) {
    varint(field << 3 | 2)
    varint(UInt64(value.count))
    octets += value
  }

  /// Seconds as a number, and in the field after it nanoseconds as four octets (wire type 5).
  mutating func time(_ field: UInt64, _ microseconds: Int64) {
    let (seconds, rest) = max(microseconds, 0).quotientAndRemainder(dividingBy: 1_000_000)
    number(field, UInt64(seconds))
    varint((field + 1) << 3 | 5)
    let nanoseconds = UInt32(rest) * 1000
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      octets.append(UInt8(truncatingIfNeeded: nanoseconds >> shift))
    }
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    octets.append(UInt8(rest))
  }
}
