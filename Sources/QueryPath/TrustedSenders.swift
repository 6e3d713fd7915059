package import DoHMessages
package import Policy

/// Machines of ours whose word about the client is taken.
package struct TrustedSenders: Sendable, Equatable {
  /// Balancers that put a PROXY protocol header in front of what they pass on.
  package var proxies = AccessList([])
  /// Web proxies that name their client in a header field.
  package var webProxies = AccessList([])
  /// The field.
  package var forwardingField = ForwardingField.xForwardedFor
  /// Forwarders whose EDNS client subnet and device identities are believed.
  package var forwarders = AccessList([])

  /// Nobody.
  package init() {}
}
