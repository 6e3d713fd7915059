/// The bits of the second header word of a DNS message (RFC 1035 §4.1.1, RFC 4035 §3).
package struct HeaderFlags: OptionSet, Sendable, Hashable {
  /// The 16 bits as on the wire, host byte order.
  package let rawValue: UInt16

  /// Takes the 16 bits as they are.
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The message is a response.
  package static let response = HeaderFlags(rawValue: 0x8000)
  /// The answer comes from an authority for the name.
  package static let authoritative = HeaderFlags(rawValue: 0x0400)
  /// The message was cut to fit the transport.
  package static let truncated = HeaderFlags(rawValue: 0x0200)
  /// The client asks for recursion.
  package static let recursionDesired = HeaderFlags(rawValue: 0x0100)
  /// The server offers recursion.
  package static let recursionAvailable = HeaderFlags(rawValue: 0x0080)
  /// All data in the answer was validated.
  package static let authenticData = HeaderFlags(rawValue: 0x0020)
  /// The client validates for itself.
  package static let checkingDisabled = HeaderFlags(rawValue: 0x0010)

  /// The operation code, 0 … 15.
  package var opcode: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 11) & 0x0F }
  /// The low four bits of the response code.
  package var rcode: UInt8 { UInt8(truncatingIfNeeded: rawValue) & 0x0F }

  /// The flags of a reply: the opcode, RD and CD of the query with the given RCODE.
  package func reply(_ rcode: ResponseCode) -> HeaderFlags {
    let kept = rawValue & (0x7800 | Self.recursionDesired.rawValue | Self.checkingDisabled.rawValue)
    return HeaderFlags(rawValue: kept | Self.response.rawValue | (rcode.rawValue & 0x0F))
  }
}

/// A response code (RFC 6895 §2.3), up to 12 bits with EDNS.
package struct ResponseCode: RawRepresentable, Sendable, Hashable {
  /// The number.
  package let rawValue: UInt16
  /// Takes the number.
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// No error.
  package static let noError = ResponseCode(rawValue: 0)
  /// The query could not be read.
  package static let formatError = ResponseCode(rawValue: 1)
  /// The server failed to find an answer.
  package static let serverFailure = ResponseCode(rawValue: 2)
  /// The name does not exist.
  package static let nameError = ResponseCode(rawValue: 3)
  /// The operation is not offered.
  package static let notImplemented = ResponseCode(rawValue: 4)
  /// The server will not answer this client or this question.
  package static let refused = ResponseCode(rawValue: 5)
  /// The EDNS version is not known (RFC 6891 §9).
  package static let badVersion = ResponseCode(rawValue: 16)
}
