package import Addressing
package import DNSWire
import Policy

/// What the sinkhole answers: prepared once, written into replies without allocation.
///
/// A listed name looks like a real, delegated, unsigned zone: its apex has SOA and NS, everything
/// at and below it has the sinkhole's addresses, every other type is NODATA with the SOA (DESIGN
/// §2 rule 4).
package final class SinkholeAnswers: Sendable {
  /// What the operator sets.
  package struct Options: Sendable {
    /// Addresses given for type A.
    package var ipv4: [IPAddress] = []
    /// Addresses given for type AAAA.
    package var ipv6: [IPAddress] = []
    /// TTL of everything, and the SOA's minimum, seconds.
    package var ttl: UInt32 = 60
    /// Names of the name servers; none = `ns.` below the listed name.
    package var nameservers: [Name] = []
    /// Mailbox for the SOA in name form; nil = `hostmaster.` below the listed name.
    package var contact: Name?
    /// Text of the extended error.
    package var text = ""

    /// Creates the defaults.
    package init() {}
  }

  /// Times of the SOA in seconds: RIPE-203's advice for small zones, scaled to a short TTL.
  private static let refresh: UInt32 = 3600
  private static let retry: UInt32 = 600
  private static let expire: UInt32 = 86_400

  private let ipv4: [UInt8]
  private let ipv6: [UInt8]
  private let nameservers: [[UInt8]]
  private let contact: [UInt8]?
  private let ttl: UInt32
  /// Text of the extended error, UTF-8.
  package let text: [UInt8]
  private static let inZoneServer: [UInt8] = [2, 0x6E, 0x73]
  private static let inZoneContact: [UInt8] =
    [10, 0x68, 0x6F, 0x73, 0x74, 0x6D, 0x61, 0x73, 0x74, 0x65, 0x72]

  /// Prepares the answers.
  package init(_ options: Options) {
    ipv4 = options.ipv4.flatMap(\.octets)
    ipv6 = options.ipv6.flatMap(\.octets)
    nameservers = options.nameservers.map(\.wire)
    contact = options.contact?.wire
    ttl = options.ttl
    text = Array(options.text.utf8)
  }

  /// The type that stands for all when only one RRset is given (RFC 8482 §4.1).
  var subsetOfAny: RRType { !ipv4.isEmpty ? .a : !ipv6.isEmpty ? .aaaa : .soa }

  /// Where the names of an answer stand in the message.
  struct Owner {
    /// Offset of the name asked for (or the CNAME target that is listed).
    var name: Int
    /// Offset of the listed name; nil = not in the message yet.
    var apex: Int?
    /// Where the listed name starts in that name.
    var apexOffset: Int

    var isApex: Bool { apexOffset == 0 }
  }

  /// Writes the sections for a listed name.
  ///
  /// - Returns: the response code.
  func write(
    _ action: Verdict.Action, _ qtype: RRType, name: borrowing NameBuffer, owner: Owner,
    serial: UInt32, counts: inout SectionCounts, into writer: inout WireWriter
  ) -> ResponseCode {
    var zone = ZoneWriter(answers: self, owner: owner, serial: serial)
    guard action == .sinkhole else {
      zone.appendSOA(name, counts: &counts.authority, into: &writer)
      return .nameError
    }
    let before = counts.answer
    switch qtype {
    case .a: zone.appendAddresses(.a, counts: &counts.answer, into: &writer)
    case .aaaa: zone.appendAddresses(.aaaa, counts: &counts.answer, into: &writer)
    case .soa where owner.isApex: zone.appendSOA(name, counts: &counts.answer, into: &writer)
    case .ns where owner.isApex: zone.appendServers(name, counts: &counts, into: &writer)
    case .any:
      zone.appendAddresses(.a, counts: &counts.answer, into: &writer)
      zone.appendAddresses(.aaaa, counts: &counts.answer, into: &writer)
      if owner.isApex {
        zone.appendSOA(name, counts: &counts.answer, into: &writer)
        zone.appendServers(name, withAddresses: false, counts: &counts, into: &writer)
      }
    default: break
    }
    if counts.answer == before {
      zone.appendSOA(name, counts: &counts.authority, into: &writer)
    }
    return .noError
  }

  /// Writes records of one listed name.
  private struct ZoneWriter {
    let answers: SinkholeAnswers
    var owner: Owner
    let serial: UInt32

    private func appendHead(
      _ ownerAt: Int, _ type: RRType, into writer: inout WireWriter
    ) {
      writer.append16(0xC000 | UInt16(truncatingIfNeeded: ownerAt))
      writer.append16(type.rawValue)
      writer.append16(RRClass.internet.rawValue)
      writer.append32(answers.ttl)
    }

    /// Starts a record owned by the listed name, spelling the name out the first time.
    private mutating func appendApexHead(
      _ name: borrowing NameBuffer, _ type: RRType, into writer: inout WireWriter
    ) {
      if let apex = owner.apex { return appendHead(apex, type, into: &writer) }
      owner.apex = writer.count
      writer.append(name.originalBytes.extracting(owner.apexOffset..<name.count))
      writer.append16(type.rawValue)
      writer.append16(RRClass.internet.rawValue)
      writer.append32(answers.ttl)
    }

    func appendAddresses(
      _ type: RRType, at ownerAt: Int? = nil, counts: inout UInt16, into writer: inout WireWriter
    ) {
      let octets = type == .a ? answers.ipv4 : answers.ipv6
      let size = type == .a ? 4 : 16
      var start = 0
      while start < octets.count {
        appendHead(ownerAt ?? owner.name, type, into: &writer)
        writer.append16(UInt16(truncatingIfNeeded: size))
        writer.append(octets.span.extracting(start..<start + size))
        counts += 1
        start += size
      }
    }

    mutating func appendServers(
      _ name: borrowing NameBuffer, withAddresses: Bool = true, counts: inout SectionCounts,
      into writer: inout WireWriter
    ) {
      for server in answers.nameservers {
        appendApexHead(name, .ns, into: &writer)
        writer.append16(UInt16(truncatingIfNeeded: server.count))
        writer.append(server.span)
        counts.answer += 1
      }
      guard answers.nameservers.isEmpty else { return }
      appendApexHead(name, .ns, into: &writer)
      writer.append16(UInt16(truncatingIfNeeded: SinkholeAnswers.inZoneServer.count + 2))
      let server = writer.count
      appendBelowApex(SinkholeAnswers.inZoneServer, into: &writer)
      counts.answer += 1
      guard withAddresses else { return }
      appendAddresses(.a, at: server, counts: &counts.additional, into: &writer)
      appendAddresses(.aaaa, at: server, counts: &counts.additional, into: &writer)
    }

    mutating func appendSOA(
      _ name: borrowing NameBuffer, counts: inout UInt16, into writer: inout WireWriter
    ) {
      appendApexHead(name, .soa, into: &writer)
      let lengthAt = writer.count
      writer.append16(0)
      if let server = answers.nameservers.first {
        writer.append(server.span)
      } else {
        appendBelowApex(SinkholeAnswers.inZoneServer, into: &writer)
      }
      if let contact = answers.contact {
        writer.append(contact.span)
      } else {
        appendBelowApex(SinkholeAnswers.inZoneContact, into: &writer)
      }
      writer.append32(serial)
      writer.append32(SinkholeAnswers.refresh)
      writer.append32(SinkholeAnswers.retry)
      writer.append32(SinkholeAnswers.expire)
      writer.append32(answers.ttl)
      writer.patch16(UInt16(clamping: writer.count - lengthAt - 2), at: lengthAt)
      counts += 1
    }

    private func appendBelowApex(_ label: [UInt8], into writer: inout WireWriter) {
      writer.append(label.span)
      writer.append16(0xC000 | UInt16(truncatingIfNeeded: owner.apex ?? owner.name))
    }
  }
}
