import DNSWire

/// Prepares what proves at query time that names do not exist (RFC 4035 §3.1.3).
enum DenialCompiler {
  /// Sorts the names and notes with each the NSEC record that covers it, and the one that covers
  /// the wildcard below it.
  static func prepareNSEC(_ parts: inout ZoneParts) {
    guard parts.rrsets.contains(where: { $0.type == .nsec }) else { return }
    let hashed = Set(HashedDenial.owners(in: parts))
    parts.canonicalOrder = sortedNodes(parts, except: hashed)
    var covering = ZoneNode.none
    for node in parts.canonicalOrder {
      if parts.rrset(.nsec, at: node) != nil { covering = node }
      parts.nodes[Int(node)].denial = covering
    }
    for node in parts.canonicalOrder where parts.nodes[Int(node)].wildcard < 0 {
      let wildcard = [1, UInt8(ascii: "*")] + parts.name(node)
      guard wildcard.count <= Limits.nameOctets else { continue }
      parts.nodes[Int(node)].wildcardDenial = CompiledZone.denial(
        of: wildcard.span, parts.canonicalOrder, parts.nodes, parts.octets)
    }
  }

  private static func sortedNodes(_ parts: ZoneParts, except hashed: Set<Int32>) -> [Int32] {
    let octets = parts.octets
    let nodes = parts.nodes
    return nodes.indices.map { Int32($0) }.filter { !hashed.contains($0) }.sorted {
      let left = nodes[Int($0)]
      let right = nodes[Int($1)]
      let leftName = octets.span.extracting(
        Int(left.name)..<Int(left.name) + Int(left.nameLength))
      let rightName = octets.span.extracting(
        Int(right.name)..<Int(right.name) + Int(right.nameLength))
      return CanonicalOrder.compare(leftName, rightName) < 0
    }
  }
}
