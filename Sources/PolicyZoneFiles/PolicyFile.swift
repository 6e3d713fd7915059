import CZlib
// Unsafe code: zlib fills a buffer through a pointer; neither pointer leaves this file.
package import CheckedYAML
package import DNSWire
import Glibc
package import ListSources
package import ResponsePolicy
package import ZoneRecords

/// Reads policy zones from files and cursors.
package enum PolicyFile {
  /// Most octets a file may unpack to, unless the operator says otherwise: 5 million names with
  /// wildcards take 300 MB.
  package static let sizeLimit = 2 << 30
  private static let chunk = 1 << 18

  /// Reads a master file, compressed with gzip or not.
  ///
  /// - Throws: when it is missing, damaged, too large, or changed while it was read.
  package static func read(
    _ path: String, apex: Name, key: SipHash.Key, isProtected: PolicyRulesBuilder.Guard?,
    sizeLimit: Int = sizeLimit
  ) throws(SourceProblem) -> PolicyRules {
    let before = FileStatus(path: path)
    guard before.exists, !before.isDirectory, let file = unsafe gzopen(path, "rbe") else {
      throw SourceProblem(file: path, "cannot read the file: it is missing, or not readable")
    }
    var parser = PolicyFileParser(apex: apex, key: key, isProtected: isProtected)
    var total = 0
    var count = 0
    repeat {
      let buffer = unsafe [UInt8](unsafeUninitializedCapacity: chunk) { target, used in
        let got = unsafe gzread(file, target.baseAddress, UInt32(chunk))
        count = Int(got)
        used = max(0, count)
      }
      total += buffer.count
      if total <= sizeLimit { parser.push(buffer) }
    } while count > 0 && total <= sizeLimit
    // A file cut short shows only when it is closed.
    let isWhole = unsafe gzclose(file) == Z_OK && count >= 0
    guard total <= sizeLimit else {
      throw SourceProblem(file: path, "the file unpacks to more than \(sizeLimit) octets")
    }
    guard isWhole else {
      throw SourceProblem(file: path, "the gzip file is damaged or cut short; get it again")
    }
    guard FileStatus(path: path) == before else {
      throw SourceProblem(
        file: path, "the file changed while it was read; write it aside and rename it into place")
    }
    return parser.finish()
  }

  /// Reads a transferred zone.
  ///
  /// - Throws: what the cursor throws.
  package static func read(
    _ content: any ZoneContent, key: SipHash.Key, isProtected: PolicyRulesBuilder.Guard?
  ) throws -> PolicyRules {
    var builder = PolicyRulesBuilder(apex: content.apex, key: key, isProtected: isProtected)
    let soa = content.soa
    builder.add(
      owner: soa.owner.span, type: soa.type, ttl: soa.ttl, data: soa.rdata.span)
    var cursor = try content.makeCursor()
    var record = ZoneRecord()
    while try cursor.next(&record) {
      builder.add(
        owner: record.owner.span, type: record.type, ttl: record.ttl, data: record.rdata.span)
    }
    return builder.finish()
  }
}

/// The guard against rules that would take names which must stay reachable.
package enum PolicyGuard {
  /// Refuses what `names` protects.
  package static func refusing(_ names: ProtectedNames) -> PolicyRulesBuilder.Guard {
    { wire, isBelow in
      var text: [UInt8] = []
      text.reserveCapacity(wire.count)
      var at = 0
      while at < wire.count, wire[at] != 0 {
        let end = at + 1 + Int(wire[at])
        if !text.isEmpty { text.append(UInt8(ascii: ".")) }
        for index in (at + 1)..<min(end, wire.count) { text.append(wire[index]) }
        at = end
      }
      guard let reason = names.collides(text) else { return false }
      // The name alone takes nothing but itself: what lies below stays.
      return isBelow || reason.relation != .above
    }
  }
}
