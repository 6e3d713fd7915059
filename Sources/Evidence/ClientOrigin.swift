/// What a forwarder or balancer told of a client beyond its address.
package struct ClientOrigin: Hashable, Sendable {
  /// Bits of the client's address that are known, in its own family; nil = all.
  package var prefixLength: Int?
  /// Identity of the device behind the forwarder; empty = none.
  package var device = DeviceIdentifier(octets: [])
  /// The forwarder or balancer that told of the client; nil when the client itself asked.
  package var relay: ClientAddress?
  /// The relay's source port.
  package var relayPort: UInt16 = 0

  /// A client that asked by itself.
  package init() {}

  /// Takes the values as they are stored: 0 and empty mean none.
  package init(prefix: Int64, device: [UInt8], relay: [UInt8], relayPort: Int64) {
    prefixLength = prefix == 0 ? nil : Int(prefix)
    self.device = DeviceIdentifier(octets: device)
    self.relay = ClientAddress(octets: relay)
    self.relayPort = UInt16(truncatingIfNeeded: relayPort)
  }
}

/// Identities of a device as forwarders gave them: kind, length and data of each, one after another.
///
/// The octets come from the network: any are allowed, and what cannot be read is shown as it is.
package struct DeviceIdentifier: Hashable, Sendable, CustomStringConvertible {
  /// The octets as stored.
  package let octets: [UInt8]

  /// Takes octets as stored.
  package init(octets: [UInt8]) { self.octets = octets }

  /// Whether there is no identity.
  package var isEmpty: Bool { octets.isEmpty }

  /// `mac:02:00:5e:10:00:01`, `cpe:text` or `umbrella:hexadecimal`; several with `,` in between.
  package var description: String {
    var parts: [String] = []
    var at = 0
    while at + 1 < octets.count {
      let end = min(at + 2 + Int(octets[at + 1]), octets.count)
      parts.append(Self.text(kind: octets[at], octets[(at + 2)..<end]))
      at = end
    }
    return parts.joined(separator: ",")
  }

  private static func text(kind: UInt8, _ data: ArraySlice<UInt8>) -> String {
    let name =
      switch kind {
      case 1: "mac"
      case 2: "cpe"
      case 3: "opendns"
      case 4: "umbrella"
      default: "\(kind)"
      }
    return name + ":" + value(isAddress: kind == 1 && data.count == 6, data)
  }

  private static func value(isAddress: Bool, _ data: ArraySlice<UInt8>) -> String {
    if isAddress { return data.map(hexadecimal).joined(separator: ":") }
    // Letters, digits and the like as they are; a comma or a control character shows all as octets.
    let isPlain = !data.isEmpty && data.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2C }
    return isPlain
      ? String(decoding: data, as: UTF8.self) : data.map(hexadecimal).joined()
  }

  private static func hexadecimal(_ octet: UInt8) -> String {
    let digits = String(octet, radix: 16)
    return octet < 16 ? "0" + digits : digits
  }
}
