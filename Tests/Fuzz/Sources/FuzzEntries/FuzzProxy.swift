import Addressing
import ClientIdentity

/// A PROXY protocol header of either version: it must end inside of the octets, and reading must
/// not depend on how much follows or on how the octets come in.
func fuzzProxy(_ octets: [UInt8]) {
  let datagram = ProxyHeader.read(octets.span)
  let stream = ProxyHeader.readStream(octets.span)
  check(datagram, octets)
  check(stream, octets)
  if octets.first != UInt8(ascii: "P") { precondition(datagram == stream, "versions differ") }
  guard case .header(let header) = stream else { return }
  for count in 0..<header.length {
    precondition(
      ProxyHeader.readStream(Array(octets.prefix(count)).span) == .incomplete,
      "a part of a header is no beginning")
  }
  let alone = Array(octets.prefix(header.length))
  precondition(ProxyHeader.readStream(alone.span) == stream, "what follows changes the header")
}

private func check(_ outcome: ProxyHeader.Outcome, _ octets: [UInt8]) {
  guard case .header(let header) = outcome else { return }
  precondition((1...octets.count).contains(header.length), "a header outside of the octets")
  if let endpoints = header.endpoints {
    precondition(
      endpoints.source.address.isIPv4 == endpoints.destination.address.isIPv4
        || header.length >= 52, "families differ")
  }
}
