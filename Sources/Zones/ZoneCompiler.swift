import DNSWire

/// Turns collected records into the arrays of a zone.
struct ZoneCompiler {
  /// Largest RRset in octets: more than this fits no DNS message beside header and question.
  private static let maximumRRsetOctets = 65_000

  private let builder: ZoneBuilder
  private var parts: ZoneParts
  private(set) var faults: [Fault] = []

  /// A fault and the record it shows at.
  struct Fault {
    var position: MasterFileParser.Position?
    var fault: MasterFileFault
  }

  init(_ builder: ZoneBuilder) {
    self.builder = builder
    parts = ZoneParts(builder)
  }

  /// Compiles the zone; nil when `faults` has something.
  mutating func compile() -> CompiledZone? {
    gatherRRsets()
    resolveTargets()
    var checker = ZoneChecker(parts)
    checker.check()
    faults += checker.faults
    guard faults.isEmpty else { return nil }
    markCuts()
    readSOA()
    parts.isSigned = parts.rrsets[parts.soa].signatureCount > 0
    if parts.isSigned {
      DenialCompiler.prepareNSEC(&parts)
      do throws(MasterFileFault) {
        parts.hashedDenial = try HashedDenial(parts)
      } catch {
        faults.append(Fault(position: nil, fault: error))
        return nil
      }
    }
    return CompiledZone(parts, apex: builder.apex)
  }

  // MARK: - RRsets

  /// Sorts the records and writes them RRset by RRset, each record once (RFC 2181 §5).
  private mutating func gatherRRsets() {
    let records = builder.records
    let order = sortedRecords()
    parts.octets.reserveCapacity(
      builder.octets.count + builder.rdata.count + records.count * ZoneRRset.recordHeadOctets)
    var start = 0
    while start < order.count {
      let first = records[Int(order[start])]
      var end = start + 1
      while end < order.count {
        let next = records[Int(order[end])]
        guard next.node == first.node, next.type == first.type else { break }
        end += 1
      }
      appendRRset(order[start..<end])
      start = end
    }
    for node in parts.nodes.indices { linkSignatures(Int32(node)) }
  }

  private func sortedRecords() -> [UInt32] {
    let records = builder.records
    let rdata = builder.rdata
    func key(_ record: ZoneBuilder.Record) -> UInt64 {
      UInt64(UInt32(bitPattern: record.node)) << 32 | UInt64(record.type.rawValue) << 16
        | UInt64(record.covered)
    }
    return (0..<UInt32(records.count)).sorted { left, right in
      let leftRecord = records[Int(left)]
      let rightRecord = records[Int(right)]
      let leftKey = key(leftRecord)
      let rightKey = key(rightRecord)
      guard leftKey == rightKey else { return leftKey < rightKey }
      return Self.rdata(of: leftRecord, rdata).lexicographicallyPrecedes(
        Self.rdata(of: rightRecord, rdata))
    }
  }

  private static func rdata(of record: ZoneBuilder.Record, _ all: [UInt8]) -> ArraySlice<UInt8> {
    all[Int(record.offset)..<Int(record.offset) + Int(record.length)]
  }

  private mutating func appendRRset(_ order: ArraySlice<UInt32>) {
    let records = builder.records
    let first = records[Int(order[order.startIndex])]
    let node = Int(first.node)
    if parts.nodes[node].rrsetCount == 0 {
      parts.nodes[node].firstRRset = UInt32(parts.rrsets.count)
    }
    parts.nodes[node].rrsetCount += 1
    // RFC 2181 §5.2: one TTL for all; the lowest when they differ. Signatures keep their own.
    let ttl = order.reduce(first.ttl) { min($0, records[Int($1)].ttl) }
    let start = parts.octets.count
    var count = 0
    var previous: ArraySlice<UInt8>?
    var earliest = first.position
    for index in order {
      let record = records[Int(index)]
      let rdata = Self.rdata(of: record, builder.rdata)
      if record.position.line < earliest.line { earliest = record.position }
      if let previous, previous.elementsEqual(rdata) { continue }
      previous = rdata
      count += 1
      parts.octets.append(big: record.type == .rrsig ? record.ttl : ttl)
      parts.octets.append(big: record.length)
      parts.octets.append(contentsOf: rdata)
    }
    let size = parts.octets.count - start + count * 12
    if size > Self.maximumRRsetOctets {
      report(
        earliest, "the \(first.type) RRset takes \(size) octets", "no message can carry it")
    }
    parts.recordCount += count
    parts.positions.append(earliest)
    parts.rrsets.append(
      ZoneRRset(
        type: first.type, count: UInt16(clamping: count), offset: UInt32(start), node: first.node,
        ttl: ttl))
  }

  /// Notes with each RRset of a node where its signatures stand.
  private mutating func linkSignatures(_ node: Int32) {
    guard let signatures = parts.rrset(.rrsig, at: node) else { return }
    var offset = Int(parts.rrsets[signatures].offset)
    for _ in 0..<parts.rrsets[signatures].count {
      let covered = RRType(rawValue: parts.octets.big16(at: offset + 6))
      if let index = parts.rrset(covered, at: node), covered != .rrsig {
        if parts.rrsets[index].signatureCount == 0 {
          parts.rrsets[index].signatureOffset = UInt32(offset)
        }
        parts.rrsets[index].signatureCount += 1
      }
      offset += ZoneRRset.recordHeadOctets + Int(parts.octets.big16(at: offset + 4))
    }
  }

  // MARK: - Names in rdata

  private mutating func resolveTargets() {
    for index in parts.rrsets.indices {
      let layout = TargetLayout(parts.rrsets[index].type)
      guard layout.names > 0 else { continue }
      parts.rrsets[index].firstTarget = UInt32(parts.targets.count)
      parts.rrsets[index].targetsPerRecord = UInt8(layout.names)
      var offset = Int(parts.rrsets[index].offset)
      for _ in 0..<parts.rrsets[index].count {
        let length = Int(parts.octets.big16(at: offset + 4))
        let rdata = offset + ZoneRRset.recordHeadOctets
        if !appendTargets(layout, rdata..<rdata + length) {
          report(
            parts.positions[index], "malformed \(parts.rrsets[index].type) data",
            "correct the record")
          return
        }
        offset = rdata + length
      }
    }
  }

  private mutating func appendTargets(_ layout: TargetLayout, _ rdata: Range<Int>) -> Bool {
    var buffer = NameBuffer()
    var position = rdata.lowerBound + layout.prefix
    guard position < rdata.upperBound else { return false }
    for _ in 0..<layout.names {
      guard let end = load(&buffer, at: position, end: rdata.upperBound) else { return false }
      var target = NameTarget(
        node: ZoneNode.none, prefix: 0, length: UInt8(truncatingIfNeeded: buffer.count))
      for label in 0..<(buffer.labelCount + 1) {
        let start = buffer.labelOffset(label)
        let found = parts.owners.find(
          buffer.canonicalBytes, from: start, nodes: parts.nodes, octets: parts.octets)
        if let found {
          target.node = found
          target.prefix = UInt8(truncatingIfNeeded: start)
          break
        }
      }
      parts.targets.append(target)
      position = end
    }
    return position + layout.suffix == rdata.upperBound
  }

  private func load(_ buffer: inout NameBuffer, at position: Int, end: Int) -> Int? {
    let rdata = parts.octets.span.extracting(0..<end)
    return try? buffer.load(from: rdata, at: position, allowCompression: false)
  }

  // MARK: - Cuts and SOA

  private mutating func markCuts() {
    // Ancestors stand before their descendants, so one pass is enough.
    for index in parts.nodes.indices {
      let node = Int32(index)
      let parent = parts.nodes[index].parent
      let cutAbove = parent >= 0 ? parts.nodes[Int(parent)].cut : ZoneNode.none
      parts.nodes[index].isDNAME = parts.rrset(.dname, at: node) != nil
      parts.nodes[index].isDelegation = parent >= 0 && parts.rrset(.ns, at: node) != nil
      parts.nodes[index].cut =
        cutAbove >= 0 ? cutAbove : (parts.nodes[index].isDelegation ? node : ZoneNode.none)
    }
  }

  private mutating func readSOA() {
    guard let soa = parts.rrset(.soa, at: CompiledZone.apexNode) else { return }
    parts.soa = soa
    let offset = Int(parts.rrsets[soa].offset)
    let end = offset + ZoneRRset.recordHeadOctets + Int(parts.octets.big16(at: offset + 4))
    parts.serial = parts.octets.big32(at: end - 20)
    // RFC 2308 §3: negative answers live as long as the smaller of the two says.
    parts.negativeTTL = min(parts.rrsets[soa].ttl, parts.octets.big32(at: end - 4))
  }

  private mutating func report(
    _ position: MasterFileParser.Position, _ problem: String, _ advice: String
  ) {
    guard faults.count < MasterFileParser.maximumFaults else { return }
    faults.append(
      Fault(position: position, fault: MasterFileFault(problem: problem, advice: advice)))
  }
}

/// Where the names stand in the rdata of the types whose names matter for answers.
struct TargetLayout {
  var names = 0
  /// Octets before the first name.
  var prefix = 0
  /// Octets behind the last.
  var suffix = 0
  /// Whether the names may be compressed (RFC 3597 §4: only types of RFC 1035).
  var isCompressible = false

  init(_ type: RRType) {
    switch type {
    case .ns, .cname, .ptr: (names, isCompressible) = (1, true)
    case .dname: names = 1
    case .mx: (names, prefix, isCompressible) = (1, 2, true)
    case .srv: (names, prefix) = (1, 6)
    case .soa: (names, suffix, isCompressible) = (2, 20, true)
    default: break
    }
  }
}
