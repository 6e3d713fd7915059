import DNSServer
import DNSWire

/// How many records stand in each section of a reply.
struct SectionCounts: Equatable {
  var answer: UInt16 = 0
  var authority: UInt16 = 0
  var additional: UInt16 = 0
}

/// What the header of a reply says, and what goes into its OPT record.
struct ReplyTraits {
  var rcode = ResponseCode.noError
  var counts = SectionCounts()
  var isAuthoritative = false
  var isTruncated = false
  var recursionAvailable = false
  var authenticData = false
  /// Extended error, nil for none; its text is handed to `finish` apart.
  var error: ExtendedError?
}

/// Writes what surrounds the sections of a reply: header and question before, OPT behind.
enum ReplyFrame {
  /// The OPT record without options (RFC 6891 §6.1.2).
  private static let optOctets = 11
  /// Code and length of an option.
  private static let optionHead = 4
  /// An extended error without its text (RFC 8914 §2).
  private static let errorHead = optionHead + 2

  /// Most octets the reply may have: TCP carries anything, UDP what the client and we agree on.
  static func limit(_ request: borrowing Request, _ client: Client, udpPayload: Int) -> Int {
    guard client.transport == .udp else { return Limits.messageOctets }
    return min(request.edns?.udpSize ?? Limits.udpWithoutEDNS, udpPayload)
  }

  /// Octets that OPT takes at least: an extended error only gets what the sections leave.
  static func optRoom(_ request: borrowing Request, identifier: [UInt8]) -> Int {
    guard let edns = request.edns else { return 0 }
    let sendsIdentifier = edns.wantsNSID && !identifier.isEmpty
    return optOctets + (sendsIdentifier ? optionHead + identifier.count : 0)
  }

  /// Starts the reply: an empty header, then the question as it was asked.
  static func begin(
    _ request: borrowing Request, _ packet: Span<UInt8>, limit: Int, optRoom: Int,
    into writer: inout WireWriter
  ) {
    writer.rewind(to: 0)
    writer.setLimit(limit)
    for _ in 0..<6 { writer.append16(0) }
    if request.questionEnd > 0 {
      writer.append(packet.extracting(Limits.headerOctets..<request.questionEnd))
    }
    writer.setLimit(limit - optRoom)
  }

  /// Ends the reply: OPT when the query had one, then the header's fields.
  static func finish(
    _ request: borrowing Request, _ traits: ReplyTraits, limit: Int, udpPayload: Int,
    errorText: [UInt8], identifier: [UInt8], into writer: inout WireWriter
  ) {
    var traits = traits
    if writer.overflowed {
      // RFC 2181 §9: an answer that lacks a required RRset is cut and says so.
      writer.rewind(to: max(request.questionEnd, Limits.headerOctets))
      traits.counts = SectionCounts()
      traits.isTruncated = true
    }
    writer.setLimit(limit)
    if let edns = request.edns {
      let room = limit - writer.count - optRoom(request, identifier: identifier) - errorHead
      if room < 0, traits.error != nil {
        // RFC 8914 §3: the extended error goes before other data, and TC says so.
        traits.error = nil
        traits.isTruncated = true
      }
      appendOPT(
        edns, traits, udpPayload: udpPayload, errorText: errorText.count <= room ? errorText : [],
        identifier: identifier, into: &writer)
      traits.counts.additional += 1
    }
    var flags = request.flags.reply(traits.rcode)
    if traits.isAuthoritative { flags.insert(.authoritative) }
    if traits.isTruncated { flags.insert(.truncated) }
    if traits.recursionAvailable { flags.insert(.recursionAvailable) }
    if traits.authenticData { flags.insert(.authenticData) }
    writer.patch16(request.id, at: 0)
    writer.patch16(flags.rawValue, at: 2)
    writer.patch16(request.questionEnd > 0 ? 1 : 0, at: 4)
    writer.patch16(traits.counts.answer, at: 6)
    writer.patch16(traits.counts.authority, at: 8)
    writer.patch16(traits.counts.additional, at: 10)
  }

  private static func appendOPT(
    _ edns: Request.EDNS, _ traits: ReplyTraits, udpPayload: Int, errorText: [UInt8],
    identifier: [UInt8], into writer: inout WireWriter
  ) {
    writer.append(0)
    writer.append16(RRType.opt.rawValue)
    writer.append16(UInt16(clamping: udpPayload))
    writer.append(UInt8(truncatingIfNeeded: traits.rcode.rawValue >> 4))
    writer.append(0)
    // RFC 3225 §3: the DO bit of the query is copied.
    writer.append16(edns.dnssecOK ? 0x8000 : 0)
    let lengthAt = writer.count
    writer.append16(0)
    if edns.wantsNSID, !identifier.isEmpty {
      writer.append16(EDNSOptionCode.nsid)
      writer.append16(UInt16(clamping: identifier.count))
      writer.append(identifier.span)
    }
    if let error = traits.error {
      writer.append16(EDNSOptionCode.extendedError)
      writer.append16(UInt16(clamping: 2 + errorText.count))
      writer.append16(error.rawValue)
      writer.append(errorText.span)
    }
    writer.patch16(UInt16(clamping: writer.count - lengthAt - 2), at: lengthAt)
  }
}
