import Addressing

/// One thing RADIUS accounting said (RFC 2866).
struct AccountingEvent {
  /// What happened (Acct-Status-Type, RFC 2866 §5.1).
  enum Kind {
    case start, interim, stop
    /// The access server begins or ends accounting: no session of it goes on.
    case serverChange
  }

  /// Which attribute an address came in; a session has at most one IPv4 address, but may have
  /// several of the others.
  enum AddressKind: Hashable {
    /// Framed-IP-Address (RFC 2865 §5.8).
    case ipv4
    /// Framed-IPv6-Address (RFC 6911 §3.1).
    case ipv6
    /// Framed-IPv6-Prefix (RFC 3162 §2.3): of the link to the customer.
    case linkPrefix
    /// Delegated-IPv6-Prefix (RFC 4818): the customer's own network.
    case delegated
  }

  /// An address or prefix of the session.
  struct Address: Hashable {
    var kind: AddressKind
    var prefix: IPPrefix
  }

  /// A session; servers count theirs independently.
  struct SessionID: Hashable {
    var server: String
    var session: String
  }

  var kind: Kind
  /// When it happened, microseconds since 1970.
  var time: Int64
  var id: SessionID
  /// The subscriber key; nil when the record has none.
  var key: Octets?
  /// How long the session lasts so far (Acct-Session-Time), microseconds.
  var duration: Int64?
  /// Time between two updates, microseconds.
  var interim: Int64?
  var addresses: [Address]

  /// Most addresses read of one record: more than any access server sends.
  static let addressLimit = 16
}
