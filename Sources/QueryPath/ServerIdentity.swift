import DNSWire

/// Answers to questions about the server itself in class CHAOS (RFC 4892), and its NSID (RFC 5001).
package struct ServerIdentity: Sendable {
  /// Text for `version.bind` and `version.server`; nil refuses.
  package var version: String?
  /// Text for `id.server` and `hostname.bind`, and the NSID; nil refuses.
  package var identifier: String?

  /// Sets the two texts.
  package init(version: String?, identifier: String?) {
    self.version = version
    self.identifier = identifier
  }

  /// Octets of the NSID.
  var identifierOctets: [UInt8] { identifier.map { Array($0.utf8) } ?? [] }

  private static let versionNames = ["version.bind", "version.server"].compactMap { try? Name($0) }
  private static let hostNames = ["id.server", "hostname.bind"].compactMap { try? Name($0) }

  /// Writes the answer; questions of this kind are rare, so this path may allocate.
  func write(
    _ request: borrowing Request, counts: inout SectionCounts, into writer: inout WireWriter
  ) -> ResponseCode {
    let name = Name(request.qname)
    let text: String? =
      if Self.versionNames.contains(name) { version } else if Self.hostNames.contains(name) {
        identifier
      } else { nil }
    let qtype = request.qtype
    guard let text, qtype == .txt || qtype == .any else { return .refused }
    let octets = Array(text.utf8.prefix(255))
    writer.append16(0xC000 | UInt16(truncatingIfNeeded: Limits.headerOctets))
    writer.append16(RRType.txt.rawValue)
    writer.append16(RRClass.chaos.rawValue)
    writer.append32(0)
    writer.append16(UInt16(truncatingIfNeeded: octets.count + 1))
    writer.append(UInt8(truncatingIfNeeded: octets.count))
    writer.append(octets)
    counts.answer += 1
    return .noError
  }
}
