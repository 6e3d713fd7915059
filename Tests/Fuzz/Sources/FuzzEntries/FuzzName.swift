import DNSWire

/// A name as text, and the same octets as a wire name: both must survive their other form.
func fuzzName(_ octets: [UInt8]) {
  if let name = try? Name(String(decoding: octets, as: UTF8.self)) { check(name) }
  if let name = try? Name(wire: octets) { check(name) }
  var buffer = NameBuffer()
  let end = try? buffer.load(from: octets.span, at: 0, allowCompression: true)
  if let end {
    precondition(end <= octets.count, "name ends behind the data")
    check(Name(buffer))
  }
}

private func check(_ name: Name) {
  precondition(name.wire.count <= Limits.nameOctets, "too long")
  guard let again = try? Name(name.description) else { preconditionFailure("text is refused") }
  precondition(again.wire == name.wire, "text gives another name")
}
