/// The bits of the second header word of a DNS message (RFC 1035 §4.1.1, RFC 4035 §3).
public struct HeaderFlags: OptionSet, Sendable, Hashable {
  /// The 16 bits as on the wire, host byte order.
  public let rawValue: UInt16

  /// Takes the 16 bits as they are.
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Whether all bits of `other` are set.
  @inlinable public func contains(_ other: Self) -> Bool {
    rawValue & other.rawValue == other.rawValue
  }

  /// The message is a response.
  @inlinable public static var response: HeaderFlags { HeaderFlags(rawValue: 0x8000) }
  /// The answer comes from an authority for the name.
  @inlinable public static var authoritative: HeaderFlags { HeaderFlags(rawValue: 0x0400) }
  /// The message was cut to fit the transport.
  @inlinable public static var truncated: HeaderFlags { HeaderFlags(rawValue: 0x0200) }
  /// The client asks for recursion.
  @inlinable public static var recursionDesired: HeaderFlags { HeaderFlags(rawValue: 0x0100) }
  /// The server offers recursion.
  @inlinable public static var recursionAvailable: HeaderFlags { HeaderFlags(rawValue: 0x0080) }
  /// All data in the answer was validated.
  @inlinable public static var authenticData: HeaderFlags { HeaderFlags(rawValue: 0x0020) }
  /// The client validates for itself.
  @inlinable public static var checkingDisabled: HeaderFlags { HeaderFlags(rawValue: 0x0010) }

  /// The operation code, 0 … 15.
  @inlinable public var opcode: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 11) & 0x0F }
  /// The low four bits of the response code.
  @inlinable public var rcode: UInt8 { UInt8(truncatingIfNeeded: rawValue) & 0x0F }

  /// The flags of a reply: the opcode, RD and CD of the query with the given RCODE.
  ///
  /// Of operations other than queries only the opcode is kept: what the other bits mean there is
  /// not known (RFC 8906 §8.1.4, the compliance test "opcodeflg").
  public func reply(_ rcode: ResponseCode) -> HeaderFlags {
    let known = opcode == 0 ? Self.recursionDesired.rawValue | Self.checkingDisabled.rawValue : 0
    let kept = rawValue & (0x7800 | known)
    return HeaderFlags(rawValue: kept | Self.response.rawValue | (rcode.rawValue & 0x0F))
  }
}

/// A response code (RFC 6895 §2.3), up to 12 bits with EDNS.
public struct ResponseCode: RawRepresentable, Sendable, Hashable {
  /// The number.
  public let rawValue: UInt16
  /// Takes the number.
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Stated, so that other modules compare two integers instead of calling the generic operator.
  @inlinable public static func == (left: Self, right: Self) -> Bool {
    left.rawValue == right.rawValue
  }

  /// No error.
  @inlinable public static var noError: ResponseCode { ResponseCode(rawValue: 0) }
  /// The query could not be read.
  @inlinable public static var formatError: ResponseCode { ResponseCode(rawValue: 1) }
  /// The server failed to find an answer.
  @inlinable public static var serverFailure: ResponseCode { ResponseCode(rawValue: 2) }
  /// The name does not exist.
  @inlinable public static var nameError: ResponseCode { ResponseCode(rawValue: 3) }
  /// The operation is not offered.
  @inlinable public static var notImplemented: ResponseCode { ResponseCode(rawValue: 4) }
  /// The server will not answer this client or this question.
  @inlinable public static var refused: ResponseCode { ResponseCode(rawValue: 5) }
  /// The EDNS version is not known (RFC 6891 §9).
  @inlinable public static var badVersion: ResponseCode { ResponseCode(rawValue: 16) }
  /// The client is to repeat the query with the server cookie of this answer (RFC 7873 §8).
  @inlinable public static var badCookie: ResponseCode { ResponseCode(rawValue: 23) }
}
