package import Addressing
import DNSWire

/// Keeps public names from having addresses of the inside (DNS rebinding) in HTTPS and SVCB records.
///
/// libunbound takes such addresses out of A and AAAA answers (`private-address`) but does not look
/// at the address hints of service bindings (RFC 9460 §7.3), which browsers use as well.
package struct RebindingGuard: Sendable {
  private let prefixes: [IPPrefix]
  private let exempt: [Name]

  /// Guards against `prefixes`, but not for names in the domains `exempt`.
  package init(prefixes: [IPPrefix], exempt: [String]) {
    self.prefixes = prefixes
    self.exempt = exempt.compactMap { try? Name($0) }
  }

  /// Whether answers to questions of this type may have addresses as hints.
  static func concerns(_ qtype: RRType) -> Bool { qtype == .https || qtype == .svcb }

  /// Whether a response has a private address among its hints.
  func refuses(_ response: Span<UInt8>, qtype: RRType) -> Bool {
    guard !prefixes.isEmpty, Self.concerns(qtype),
      let message = try? Message(decoding: response)
    else { return false }
    return message.answers.contains { record in
      guard let binding = record.binding else { return false }
      let isExempt = exempt.contains { record.owner.isEqualOrBelow($0) }
      return !isExempt && binding.parameters.contains(where: hasPrivateAddress)
    }
  }

  private func hasPrivateAddress(_ parameter: ServiceParameter) -> Bool {
    let size: Int
    switch parameter.key {
    case .ipv4Hint: size = 4
    case .ipv6Hint: size = 16
    default: return false
    }
    return stride(from: 0, to: parameter.value.count - size + 1, by: size).contains { start in
      let address = IPAddress(octets: parameter.value[start..<start + size])
      return prefixes.contains { $0.contains(address) }
    }
  }
}

extension ResourceRecord {
  fileprivate var binding: ServiceBinding? {
    switch rdata {
    case .svcb(let binding), .https(let binding): binding
    default: nil
    }
  }
}

extension IPAddress {
  /// The address in 4 or 16 octets of wire form.
  fileprivate init(octets: ArraySlice<UInt8>) {
    if octets.count == 4 {
      self.init(ipv4: octets.reduce(0) { $0 << 8 | UInt32($1) })
    } else {
      self.init(
        high: octets.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
        low: octets.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
  }
}
