import DNSWire
import Glibc

// Where Ponor and libldns 1.8.3 differ on purpose. Everything not named here must be equal.

/// Where in a message an error lies.
enum ErrorPlace: Equatable {
  /// Header, question, or the fixed part of a record.
  case frame
  /// In the rdata of a record.
  case rdata(RRType)
  /// Behind the last record.
  case end

  init(of error: WireError, in octets: [UInt8]) {
    let offset = error.offset
    var reader = WireReader(octets.span, at: Limits.headerOctets)
    let counts = (2..<6).map { Int(octets.span.word(at: 2 * $0)) }
    var found: ErrorPlace?
    do throws(WireError) {
      for _ in 0..<counts[0] { _ = try Question(reading: &reader) }
      for _ in 0..<(counts[1] + counts[2] + counts[3]) {
        _ = try reader.readName()
        let type = RRType(rawValue: try reader.readUInt16())
        try reader.skip(6)
        let length = Int(try reader.readUInt16())
        let start = reader.offset
        try reader.skip(length)
        // Data that is too short is reported at its end, where the next record starts.
        let isHere =
          (start..<reader.offset).contains(offset)
          || (offset == reader.offset && error.kind != .trailingOctets)
        if found == nil, isHere { found = .rdata(type) }
      }
      if found == nil, offset == reader.offset { found = .end }
    } catch {
      // What lies in an earlier record stays its fault.
    }
    self = found ?? .frame
  }
}

/// Why Ponor refuses what libldns takes; nil if there is no good reason.
func reasonToRefuse(_ error: WireError, in octets: [UInt8]) -> String? {
  let place = ErrorPlace(of: error, in: octets)
  switch (error.kind, place) {
  case (.trailingOctets, .end):
    return "octets behind the last record: libldns ignores them"
  case (.pointerNotBackward, _):
    return "pointer not to an earlier place (RFC 1035 §4.1.4): libldns only counts jumps"
  case (.truncated, .rdata(.opt)), (.trailingOctets, .rdata(.opt)), (.badValue, .rdata(.opt)):
    return "form of EDNS options: libldns does not look into them"
  case (.truncated, .rdata):
    return "rdata ends before or within a field: libldns leaves fields out, or reads on behind it"
  case (.truncated, _)
  where octets.containsPair(
    0xC0 | UInt8(truncatingIfNeeded: error.offset >> 8), UInt8(truncatingIfNeeded: error.offset)):
    return "pointer to a label that runs over the end of the rdata it is used in"
  case (.trailingOctets, .rdata):
    return "octets in rdata behind its last field: libldns skips them"
  case (.badValue, .rdata(.nsec)), (.badValue, .rdata(.nsec3)):
    return "type bit map not in the form of RFC 4034 §4.1.2: libldns does not look into it"
  case (.badValue, .rdata(.svcb)), (.badValue, .rdata(.https)):
    return "service parameter not in the form of RFC 9460: libldns does not look into it"
  case (.badValue, .rdata(.caa)):
    return "CAA tag empty or not alphanumeric (RFC 8659 §4.1): libldns does not look into it"
  case (.badValue, _) where octets.containsPair(0, UInt8(RRType.opt.rawValue)):
    return "OPT record twice, not owned by the root, or outside the additional section"
  default:
    return nil
  }
}

/// Why libldns refuses what Ponor takes; nil if there is no good reason.
func reasonToAccept(_ message: Message, _ octets: [UInt8]) -> String? {
  if octets.containsPair(0xC0, 0) {
    return "pointer to offset 0: refused by libldns, but no worse than other places in the header"
  }
  let records = message.answers + message.authorities + message.additionals
  return records.contains { isOpaque($0) }
    ? "rdata of a type that libldns knows and Ponor copies as it is" : nil
}

/// Whether Ponor writes a record in the form of RFC 3597 although libldns may know its type.
func isOpaque(_ record: ResourceRecord) -> Bool {
  if case .unknown(let type, _) = record.rdata {
    return type.rawValue < 260 || type.rawValue == 32_769
  }
  return false
}

/// Presentation text without the differences that do not matter.
///
/// - Ponor also escapes `"`, `@` and `$` in names, and a tab in strings.
/// - libldns leaves a space behind a type bit map, and an empty CAA value out.
/// - It quotes the values of unknown service parameters only if they hold a space. (So quotes are
///   left out here; `textToWire` shows that ours are right.)
/// - It writes `::1.2.3.4` where RFC 5952 has `::102:304`, and `TYPE255` for `ANY`.
func normalised(_ text: String) -> String {
  let octets = Array(text.utf8)
  var plain: [UInt8] = []
  var position = 0
  while position < octets.count {
    let octet = octets[position]
    let isEscape = octet == UInt8(ascii: "\\") && position + 1 < octets.count
    if isEscape, octets[position...].starts(with: "\\009".utf8) {
      plain.append(UInt8(ascii: " "))
      position += 4
    } else if isEscape {
      switch octets[position + 1] {
      case UInt8(ascii: "\""): break
      case UInt8(ascii: "@"), UInt8(ascii: "$"): plain.append(octets[position + 1])
      default: plain += octets[position...(position + 1)]
      }
      position += 2
    } else {
      if octet != UInt8(ascii: "\"") { plain.append(octet) }
      position += 1
    }
  }
  let tokens = plain.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x2C || $0 == 0x3D }
  return tokens.map { canonical(String(decoding: $0, as: UTF8.self)) }
    .joined(separator: " ")
}

private func canonical(_ token: String) -> String {
  // Question types are no data for libldns: it numbers them.
  if let type = RRType(token), (251...255).contains(type.rawValue) { return "TYPE\(type.rawValue)" }
  guard token.utf8.contains(UInt8(ascii: ":")) else { return token }
  var octets = [UInt8](repeating: 0, count: 16)
  guard inet_pton(AF_INET6, token, &octets) == 1 else { return token }
  return octets.map { String($0) }.joined(separator: ".")
}

extension [UInt8] {
  fileprivate func containsPair(_ first: UInt8, _ second: UInt8) -> Bool {
    zip(self, dropFirst()).contains { $0 == first && $1 == second }
  }
}
