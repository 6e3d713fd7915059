package import Addressing

extension Settings {
  /// Who may ask what.
  package struct Access: Equatable, Sendable {
    /// Clients that may recurse.
    package var recursion = [
      IPPrefix(address: IPAddress(ipv4: 0x7F00_0000), length: 96 + 8),
      IPPrefix(address: IPAddress(high: 0, low: 1), length: 128),
    ]
    /// Clients that get sinkhole answers; nil means those that may recurse.
    package var sinkhole: [IPPrefix]?
    /// Balancers that send a PROXY protocol header.
    package var proxies: [IPPrefix] = []
    /// Web proxies in front of DNS over HTTPS that name their client in a header field.
    package var webProxies: [IPPrefix] = []
    /// The field they name it in.
    package var webProxyField = WebProxyField.xForwardedFor
    /// Forwarders whose EDNS options about their clients are believed.
    package var forwarders: [IPPrefix] = []

    /// Clients that get sinkhole answers, whichever option says so.
    package var effectiveSinkhole: [IPPrefix] { sinkhole ?? recursion }
  }
}

/// The header field in which a web proxy names its client.
package enum WebProxyField: String, CaseIterable, Equatable, Sendable {
  /// What most proxies set.
  case xForwardedFor = "x-forwarded-for"
  /// RFC 7239.
  case forwarded
}

extension Settings.Access {
  static let section = Section(
    key: "access", summary: "Who may ask what; everyone else is answered REFUSED.",
    options: [
      Option(
        "access.recursion", \.access.recursion, .list(of: .prefix), .reload,
        "Clients that may have ordinary names resolved.",
        details: """
          Never the whole Internet: an open resolver is an amplifier for attacks \
          (RFC 5358, BCP 140).
          """),
      Option(
        "access.sinkhole", \.access.sinkhole, .optional(.list(of: .prefix), word: "same"), .reload,
        "Clients that get sinkhole answers and whose lookups are recorded.",
        details: """
          same means the list of access.recursion. An authoritative sinkhole for delegated \
          names answers everyone: ["0.0.0.0/0", "::/0"].
          """),
      Option(
        "access.proxies", \.access.proxies, .list(of: .prefix), .reload,
        "Balancers that send a PROXY protocol header: in front of each datagram and connection.",
        details: """
          Version 2, over TCP also version 1. From these it is required, from all others it is \
          never believed. The client it names is the one all lists and limits are about.
          """),
      Option(
        "access.web_proxies", \.access.webProxies, .list(of: .prefix), .reload,
        "Web proxies in front of DNS over HTTPS that name their client in a header field.",
        details: """
          The last address in access.web_proxy_field is the client all lists and limits are about; \
          a request without one is refused. List only proxies that set the field by themselves.
          """),
      Option(
        "access.web_proxy_field", \.access.webProxyField, .choice, .reload,
        "The field in which web proxies name their client; all others are ignored."),
      Option(
        "access.forwarders", \.access.forwarders, .list(of: .prefix), .reload,
        "Forwarders whose EDNS client subnet and device identities are believed.",
        details: """
          The client they name is the one policy and hits are about; whether it may ask is decided \
          by the forwarder's address. List only forwarders that replace what their clients send.
          """),
    ])
}
