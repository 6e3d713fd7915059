import Addressing
import Yams

extension ValueKind where Value == ZoneTransfer {
  /// Who may transfer a zone and who is told of it.
  static var zoneTransfer: ValueKind {
    .record(
      "transfer", blank: ZoneTransfer(),
      [
        RecordField(
          "allow", \.allow, .list(of: .prefix, count: 0...1000), "who may transfer",
          isRequired: false),
        RecordField(
          "keys", \.keys, .list(of: .domainName, count: 0...100),
          "TSIG keys of which one must sign", isRequired: false),
        RecordField(
          "notify", \.notify, .list(of: .notifyAddress, count: 0...100),
          "who is told of a new version", isRequired: false),
      ])
  }
}

extension ValueKind where Value == NotifyAddress {
  /// An address, port 53 if left out, or a map of address and key.
  static var notifyAddress: ValueKind {
    let plain = ValueKind<SocketEndpoint>.endpoint(defaultPort: 53)
    let keyed = ValueKind.record(
      "address and key",
      blank: NotifyAddress(address: SocketEndpoint(address: IPAddress(ipv4: 0), port: 53)),
      [
        RecordField("address", \.address, plain, "the secondary"),
        RecordField(
          "key", \.key, .optional(.domainName, word: "none"), "TSIG key that signs",
          isRequired: false),
      ])
    return ValueKind(
      name: plain.name, allowed: keyed.allowed,
      decode: { node, reader in
        if node.mapping != nil { return keyed.decode(node, &reader) }
        return plain.decode(node, &reader).map { NotifyAddress(address: $0) }
      },
      encode: { $0.key == nil ? plain.encode($0.address) : keyed.encode($0) })
  }
}
