import ClientIdentity
import DNSWire

/// EDNS options that a reply repeats for its client: a server cookie and the client subnet.
struct ReplyOptions {
  /// The cookie pair of the reply (RFC 7873 §5.2.3).
  var cookie: (client: UInt64, server: ServerCookie)?
  /// The client subnet of a forwarder that is believed (RFC 7871 §7.2.1).
  var subnet: ForwardedSubnet?
  /// Whether the answer was given for this client alone: its scope is the whole subnet.
  var dependsOnClient = false

  private static let optionHead = 4
  private static let cookieOctets = optionHead + ServerCookie.clientOctets + ServerCookie.octets
  private static let subnetHead = optionHead + 4

  /// Octets the options take.
  var octets: Int {
    (cookie == nil ? 0 : Self.cookieOctets)
      + (subnet.map { Self.subnetHead + $0.addressOctets } ?? 0)
  }

  /// Appends the options.
  func append(into writer: inout WireWriter) {
    if let cookie {
      writer.append16(EDNSOptionCode.cookie)
      writer.append16(UInt16(Self.cookieOctets - Self.optionHead))
      writer.append64(cookie.client)
      writer.append64(cookie.server.head)
      writer.append64(cookie.server.hash)
    }
    if let subnet {
      // RFC 7871 §7.2.1: scope 0 lets a forwarder serve the answer to all of its clients.
      subnet.append(scope: dependsOnClient ? subnet.sourceLength : 0, into: &writer)
    }
  }
}
