import DNSWire

/// The owner of records being written.
enum RecordOwner {
  /// A name of the zone.
  case node(Int32)
  /// A name that stands at this offset of the message.
  case offset(Int)
}

extension CompiledZone {
  /// Writes an RRset, with its signatures when they are wanted; all of it or nothing.
  ///
  /// - Returns: the number of records, 0 when it did not fit.
  func write(
    _ index: Int, owner: RecordOwner, _ state: inout AnswerState, into writer: inout WireWriter
  ) -> UInt16 {
    let mark = writer.count
    let rrset = rrsets[index]
    writeRecords(of: rrset, owner, state: &state, ttl: nil, into: &writer)
    var count = rrset.count
    if state.addsDNSSEC {
      writeSignatures(of: rrset, owner, state: &state, ttl: nil, into: &writer)
      count += rrset.signatureCount
    }
    return keep(count, since: mark, &state, &writer)
  }

  /// Writes the SOA record of a negative answer, whose TTL is capped (RFC 2308 §3).
  func writeNegativeSOA(_ state: inout AnswerState, into writer: inout WireWriter) -> UInt16 {
    let mark = writer.count
    let owner = RecordOwner.node(Self.apexNode)
    writeRecords(of: rrsets[soa], owner, state: &state, ttl: negativeTTL, into: &writer)
    var count = rrsets[soa].count
    if state.addsDNSSEC {
      writeSignatures(of: rrsets[soa], owner, state: &state, ttl: negativeTTL, into: &writer)
      count += rrsets[soa].signatureCount
    }
    return keep(count, since: mark, &state, &writer)
  }

  /// Takes everything behind `mark` back if it did not fit.
  private func keep(
    _ count: UInt16, since mark: Int, _ state: inout AnswerState, _ writer: inout WireWriter
  ) -> UInt16 {
    guard writer.overflowed else { return count }
    writer.rewind(to: mark)
    state.names.rewind(to: mark)
    return 0
  }

  private func writeSignatures(
    of rrset: ZoneRRset, _ owner: RecordOwner, state: inout AnswerState, ttl: UInt32?,
    into writer: inout WireWriter
  ) {
    var signatures = rrset
    signatures.type = .rrsig
    signatures.count = rrset.signatureCount
    signatures.offset = rrset.signatureOffset
    signatures.targetsPerRecord = 0
    writeRecords(of: signatures, owner, state: &state, ttl: ttl, into: &writer)
  }

  private func writeRecords(
    of rrset: ZoneRRset, _ owner: RecordOwner, state: inout AnswerState, ttl: UInt32?,
    into writer: inout WireWriter
  ) {
    let octets = octets.span
    let layout = TargetLayout(rrset.type)
    var offset = Int(rrset.offset)
    for index in 0..<Int(rrset.count) {
      let length = Int(octets.word(at: offset + 4))
      let end = offset + ZoneRRset.recordHeadOctets + length
      writeOwner(owner, &state, into: &writer)
      writer.append16(rrset.type.rawValue)
      writer.append16(RRClass.internet.rawValue)
      if let ttl {
        writer.append32(ttl)
      } else {
        writer.append(octets.extracting(offset..<offset + 4))
      }
      if layout.isCompressible {
        let first = Int(rrset.firstTarget) + index * Int(rrset.targetsPerRecord)
        writeNames(first, layout, at: end - length, end: end, &state, into: &writer)
      } else {
        writer.append(octets.extracting(offset + 4..<end))
      }
      offset = end
    }
  }

  /// Writes rdata whose names may be compressed, with its length in front.
  private func writeNames(
    _ firstTarget: Int, _ layout: TargetLayout, at rdata: Int, end: Int,
    _ state: inout AnswerState, into writer: inout WireWriter
  ) {
    let octets = octets.span
    let lengthAt = writer.count
    writer.append16(0)
    writer.append(octets.extracting(rdata..<rdata + layout.prefix))
    var position = rdata + layout.prefix
    for index in firstTarget..<firstTarget + layout.names {
      let target = targets[index]
      state.lastTargetOffset = writer.count
      if target.node >= 0 {
        writer.append(octets.extracting(position..<position + Int(target.prefix)))
        writeName(target.node, &state, into: &writer)
      } else {
        writer.append(octets.extracting(position..<position + Int(target.length)))
      }
      position += Int(target.length)
    }
    writer.append(octets.extracting(position..<end))
    writer.patch16(UInt16(truncatingIfNeeded: writer.count - lengthAt - 2), at: lengthAt)
  }

  /// Writes the rdata of a synthesised CNAME record: `name`, which ends with a DNAME's target.
  func writeSubstitute(
    _ name: borrowing NameBuffer, of target: NameTarget, _ state: inout AnswerState,
    into writer: inout WireWriter
  ) {
    let lengthAt = writer.count
    writer.append16(0)
    state.lastTargetOffset = writer.count
    if target.node >= 0 {
      let known = Int(nodes[Int(target.node)].nameLength)
      writer.append(name.originalBytes.extracting(0..<name.count - known))
      writeName(target.node, &state, into: &writer)
    } else {
      writer.append(name.originalBytes)
    }
    writer.patch16(UInt16(truncatingIfNeeded: writer.count - lengthAt - 2), at: lengthAt)
  }

  /// Writes an owner name.
  func writeOwner(
    _ owner: RecordOwner, _ state: inout AnswerState, into writer: inout WireWriter
  ) {
    switch owner {
    case .node(let node): writeName(node, &state, into: &writer)
    case .offset(let offset):
      // A chain of aliases that long has no room in a message anyway.
      guard offset < CompressionTable.offsetLimit else { return writer.overflow() }
      writer.append16(0xC000 | UInt16(truncatingIfNeeded: offset))
    }
  }

  /// Writes the labels of a node up to the first that stands in the message already.
  private func writeName(
    _ node: Int32, _ state: inout AnswerState, into writer: inout WireWriter
  ) {
    var node = node
    let octets = octets.span
    while node >= 0 {
      if let offset = state.names.offset(of: node) { return writer.append16(0xC000 | offset) }
      state.names.note(node, at: writer.count)
      let name = Int(nodes[Int(node)].name)
      let parent = nodes[Int(node)].parent
      if parent < 0 {
        let length = Int(nodes[Int(node)].nameLength)
        return writer.append(octets.extracting(name..<name + length))
      }
      writer.append(octets.extracting(name..<name + Int(octets[name]) + 1))
      node = parent
    }
  }
}

extension WireWriter {
  /// Makes the writer refuse everything more, as if something had not fitted.
  fileprivate mutating func overflow() {
    setLimit(count)
    append(0 as UInt8)
  }
}
