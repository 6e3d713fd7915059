import DNSWire

/// Refuses what may not stand in a zone.
struct ZoneChecker {
  private let parts: ZoneParts
  private(set) var faults: [ZoneCompiler.Fault] = []

  init(_ parts: ZoneParts) {
    self.parts = parts
  }

  /// Runs all checks and collects what they find.
  mutating func check() {
    checkSOA()
    var isBelowDNAME = [Bool](repeating: false, count: parts.nodes.count)
    var isOccluded = isBelowDNAME
    for index in parts.nodes.indices {
      let node = Int32(index)
      checkAlias(node)
      let parent = Int(parts.nodes[index].parent)
      guard parent >= 0 else { continue }
      let delegates = parent > 0 && parts.rrset(.ns, at: Int32(parent)) != nil
      isOccluded[index] = isOccluded[parent] || delegates
      isBelowDNAME[index] = isBelowDNAME[parent] || parts.rrset(.dname, at: Int32(parent)) != nil
      if isBelowDNAME[index], !isOccluded[index] { checkBelowDNAME(node) }
    }
  }

  private mutating func checkSOA() {
    for (index, rrset) in parts.rrsets.enumerated() where rrset.type == .soa {
      if rrset.node != CompiledZone.apexNode {
        report(index, "SOA record below the apex", "a zone has one SOA record, at its apex")
      } else if rrset.count > 1 {
        report(index, "more than one SOA record", "a zone has one SOA record, at its apex")
      }
    }
    if parts.rrset(.soa, at: CompiledZone.apexNode) == nil {
      faults.append(
        ZoneCompiler.Fault(
          position: nil,
          fault: MasterFileFault(
            problem: "no SOA record at the apex",
            advice: "add one (RFC 1035 §3.3.13), and check that the zone's name is right")))
    }
  }

  /// RFC 2181 §10.1 with RFC 4034 §3 and §4: only signatures and denial may stand beside a CNAME.
  private mutating func checkAlias(_ node: Int32) {
    for index in parts.rrsetIndices(node) {
      let rrset = parts.rrsets[index]
      guard rrset.type == .cname || rrset.type == .dname else { continue }
      if rrset.count > 1 {
        report(index, "more than one \(rrset.type) record at one name", "keep one")
      }
      guard rrset.type == .cname else { continue }
      let others = parts.rrsetIndices(node).contains {
        ![.cname, .rrsig, .nsec].contains(parts.rrsets[$0].type)
      }
      if others {
        report(index, "CNAME and other data at one name", "keep the CNAME or the other data")
      }
    }
  }

  /// RFC 6672 §2.4: names below a DNAME do not exist; data there is a mistake.
  private mutating func checkBelowDNAME(_ node: Int32) {
    for index in parts.rrsetIndices(node) {
      guard ![.nsec3, .rrsig].contains(parts.rrsets[index].type) else { continue }
      report(index, "record below a DNAME", "remove it or the DNAME (RFC 6672 §2.4)")
    }
  }

  private mutating func report(_ rrset: Int, _ problem: String, _ advice: String) {
    guard faults.count < MasterFileParser.maximumFaults else { return }
    faults.append(
      ZoneCompiler.Fault(
        position: parts.positions[rrset],
        fault: MasterFileFault(problem: problem, advice: advice)))
  }
}
