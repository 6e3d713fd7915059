package import DNSServer
package import DNSWire

/// What the OPT record of an answer says because of the transport: how long a connection may be
/// idle (RFC 7828), and padding that hides the size of what is encrypted (RFC 7830).
package struct StreamTraits: Sendable, Equatable {
  /// Answers are padded to a multiple of this many octets (RFC 8467 §4.1).
  package static let blockOctets = 468
  /// Code and length of an option.
  private static let optionHead = 4

  /// The transport.
  package var transport = Transport.udp
  /// The idle time-out that is told, in units of 100 ms.
  package var idleTimeout: UInt16 = 0

  /// A datagram's: nothing to add.
  package init() {}

  /// Those of a connection.
  package init(transport: Transport, idleTimeout: UInt16) {
    self.transport = transport
    self.idleTimeout = idleTimeout
  }

  /// Appends the options the client asked for; the last of all, since padding counts the others.
  ///
  /// Both are left out where they do not fit into `limit` octets of message.
  package func append(_ edns: Request.EDNS, limit: Int, into writer: inout WireWriter) {
    // RFC 7828 §3.2.1: never over UDP. HTTP has its own ways to speak of its connections.
    if edns.wantsKeepalive, transport == .tcp || transport == .dot,
      writer.count + Self.optionHead + 2 <= limit
    {
      writer.append16(EDNSOptionCode.tcpKeepalive)
      writer.append16(2)
      writer.append16(idleTimeout)
    }
    if edns.wantsPadding, transport == .dot || transport == .doh { pad(limit, &writer) }
  }

  private func pad(_ limit: Int, _ writer: inout WireWriter) {
    let bare = writer.count + Self.optionHead
    guard bare <= limit else { return }
    let blocks = (bare + Self.blockOctets - 1) / Self.blockOctets
    let padding = min(blocks * Self.blockOctets, limit) - bare
    writer.append16(EDNSOptionCode.padding)
    writer.append16(UInt16(clamping: padding))
    // RFC 7830 §3: zeros.
    for _ in 0..<padding { writer.append(0) }
  }
}

/// How long connections may be idle, as clients are told (RFC 7828 §3.1), in units of 100 ms.
package struct IdleTimes: Sendable, Equatable {
  /// Over TCP.
  package var tcp: UInt16
  /// Over TLS.
  package var tls: UInt16

  /// Zero says: close as soon as you have your answers (RFC 7828 §3.3.1).
  package init(tcp: UInt16 = 0, tls: UInt16 = 0) {
    self.tcp = tcp
    self.tls = tls
  }

  func traits(of transport: Transport) -> StreamTraits {
    StreamTraits(transport: transport, idleTimeout: transport == .tcp ? tcp : tls)
  }
}
