import Evidence

/// Shows what a forwarder or balancer told of a client, where there is anything.
enum OriginFields {
  static func add(_ origin: ClientOrigin, client: ClientAddress, to object: inout JSONObject) {
    if let length = origin.prefixLength {
      object.add("client_prefix", "\(client)/\(length)")
    }
    if !origin.device.isEmpty { object.add("device", origin.device.description) }
    if let relay = origin.relay {
      object.add("via", relay.description)
      object.add("via_port", origin.relayPort)
    }
  }

  /// The client as a table shows it: address or prefix, and the device in brackets.
  static func text(_ origin: ClientOrigin, client: ClientAddress) -> String {
    let address = origin.prefixLength.map { "\(client)/\($0)" } ?? client.description
    return origin.device.isEmpty ? address : "\(address)[\(origin.device)]"
  }
}
