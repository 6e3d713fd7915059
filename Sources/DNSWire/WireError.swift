/// What is wrong with a piece of wire-format or presentation-format DNS data, and where.
public struct WireError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of damage.
  public enum Kind: Equatable, Sendable {
    /// The data ends before the field does.
    case truncated
    /// A label length octet uses the reserved `01` or `10` bits (RFC 1035 §4.1.4, RFC 6891 §5).
    case reservedLabelType
    /// A label is longer than 63 octets (RFC 1035 §2.3.4).
    case labelTooLong
    /// A name is longer than 255 octets on the wire (RFC 1035 §2.3.4).
    case nameTooLong
    /// A label inside a presentation-format name is empty.
    case emptyLabel
    /// A compression pointer does not point to an earlier place (RFC 1035 §4.1.4).
    case pointerNotBackward
    /// A compression pointer stands where none is allowed.
    case pointerNotAllowed
    /// An escape such as `\ddd` in presentation format is not well formed (RFC 1035 §5.1).
    case badEscape
    /// A field holds a value that its definition does not allow.
    case badValue
    /// Octets are left over after the last field.
    case trailingOctets
  }

  /// The kind of damage.
  public let kind: Kind
  /// Offset in octets from the start of the data handed in.
  public let offset: Int

  /// Creates an error for `kind` found at `offset`.
  public init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  /// What is shown to people.
  public var description: String { "malformed DNS data: \(kind) at octet \(offset)" }
}
