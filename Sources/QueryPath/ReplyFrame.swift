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

  /// Octets that OPT takes at least: an extended error only gets what the sections leave.
  ///
  /// - Parameter identifierOctets: 0 where the client did not ask who we are.
  static func optRoom(identifierOctets: Int, optionOctets: Int) -> Int {
    optOctets + (identifierOctets > 0 ? optionHead + identifierOctets : 0) + optionOctets
  }

  /// Starts the reply: an empty header, then the question as it was asked.
  static func begin(
    _ packet: Span<UInt8>, questionEnd: Int, limit: Int, optRoom: Int,
    into writer: inout WireWriter
  ) {
    writer.rewind(to: 0)
    writer.setLimit(limit)
    writer.append64(0)
    writer.append32(0)
    if questionEnd > 0 { writer.append(packet.extracting(Limits.headerOctets..<questionEnd)) }
    writer.setLimit(limit - optRoom)
  }

  /// Ends the sections: those that did not fit go.
  static func endSections(
    _ traits: inout ReplyTraits, questionEnd: Int, limit: Int, into writer: inout WireWriter
  ) {
    if writer.overflowed {
      // RFC 2181 §9: an answer that lacks a required RRset is cut and says so.
      writer.rewind(to: max(questionEnd, Limits.headerOctets))
      traits.counts = SectionCounts()
      traits.isTruncated = true
    }
    writer.setLimit(limit)
  }

  /// Fills in the header.
  static func fillHeader(
    _ traits: ReplyTraits, id: UInt16, flags asked: HeaderFlags, hasQuestion: Bool,
    into writer: inout WireWriter
  ) {
    var flags = asked.reply(traits.rcode).rawValue
    if traits.isAuthoritative { flags |= HeaderFlags.authoritative.rawValue }
    if traits.isTruncated { flags |= HeaderFlags.truncated.rawValue }
    if traits.recursionAvailable { flags |= HeaderFlags.recursionAvailable.rawValue }
    if traits.authenticData { flags |= HeaderFlags.authenticData.rawValue }
    writer.patch16(id, at: 0)
    writer.patch16(flags, at: 2)
    writer.patch16(hasQuestion ? 1 : 0, at: 4)
    writer.patch16(traits.counts.answer, at: 6)
    writer.patch16(traits.counts.authority, at: 8)
    writer.patch16(traits.counts.additional, at: 10)
  }

  /// Appends OPT.
  ///
  /// - Parameter identifier: empty where the client did not ask who we are.
  static func appendOPT(
    _ edns: Request.EDNS, _ traits: inout ReplyTraits, limit: Int, udpPayload: Int,
    errorText: [UInt8], identifier: [UInt8], options: ReplyOptions, stream: StreamTraits,
    into writer: inout WireWriter
  ) {
    let least = optRoom(identifierOctets: identifier.count, optionOctets: options.octets)
    let room = limit - writer.count - least - errorHead
    if room < 0, traits.error != nil {
      // RFC 8914 §3: the extended error goes before other data, and TC says so.
      traits.error = nil
      traits.isTruncated = true
    }
    appendOPT(
      edns, traits, udpPayload: udpPayload, errorText: errorText.count <= room ? errorText : [],
      identifier: identifier, options: options, stream: stream, limit: limit, into: &writer)
    traits.counts.additional += 1
  }

  private static func appendOPT(
    _ edns: Request.EDNS, _ traits: ReplyTraits, udpPayload: Int, errorText: [UInt8],
    identifier: [UInt8], options: ReplyOptions, stream: StreamTraits, limit: Int,
    into writer: inout WireWriter
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
    if !identifier.isEmpty {
      writer.append16(EDNSOptionCode.nsid)
      writer.append16(UInt16(clamping: identifier.count))
      writer.append(identifier.span)
    }
    options.append(into: &writer)
    if let error = traits.error {
      writer.append16(EDNSOptionCode.extendedError)
      writer.append16(UInt16(clamping: 2 + errorText.count))
      writer.append16(error.rawValue)
      writer.append(errorText.span)
    }
    stream.append(edns, limit: limit, into: &writer)
    writer.patch16(UInt16(clamping: writer.count - lengthAt - 2), at: lengthAt)
  }
}
