import ClientIdentity
import DNSWire

/// What a forwarder sends of its client: a subnet must come back as it came, and identities must
/// keep to their bounds.
func fuzzForwarded(_ octets: [UInt8]) {
  checkSubnet(octets)
  var device = DeviceIdentity()
  var at = 0
  // Taken as a chain of options, each with two octets of code and one of length.
  while at + 3 <= octets.count {
    let end = min(at + 3 + Int(octets[at + 2]), octets.count)
    let code = UInt16(octets[at]) << 8 | UInt16(octets[at + 1])
    device.add(optionCode: code, octets.span, at: at + 3, length: end - at - 3)
    at = end
  }
  precondition(device.count <= DeviceIdentity.most, "more than is kept")
  var place = 0
  while place < device.count {
    precondition(place + 2 < device.count, "an identity without data")
    place += 2 + Int(device.octets[place + 1])
  }
  precondition(place == device.count, "an identity that is cut")
}

private func checkSubnet(_ octets: [UInt8]) {
  guard let subnet = ForwardedSubnet(octets.span, at: 0, length: octets.count) else { return }
  let written = WireWriter.array(capacity: 64) { subnet.append(scope: 0, into: &$0) }
  precondition(written == [0, 8, 0, UInt8(octets.count)] + octets, "a subnet comes back changed")
}
