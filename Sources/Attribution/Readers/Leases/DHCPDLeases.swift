import Addressing

/// Reads `dhcpd.leases` and `dhcpd6.leases` of ISC dhcpd (dhcpd.leases(5)).
///
/// dhcpd appends a declaration for each change, so the file is a history until it is rewritten with one
/// declaration for each lease: take a copy before that, or read it often. Times are UTC, or local ones
/// with their `epoch`; `never` is never.
package struct DHCPDLeases: SourceReader {
  private var block: LeaseBlock?
  /// Line of the outermost declaration.
  private var blockLine = 0
  /// Blocks within blocks that are of no interest.
  private var skipDepth = 0
  private var history = LeaseHistory()
  private let keyName: String?

  /// Makes a reader; the key is the hardware address (DHCPv6: the DUID) unless one of `uid`,
  /// `circuit-id`, `remote-id`, `client-hostname` is named.
  package init(_ options: ReaderOptions = ReaderOptions()) { keyName = options.key }

  package mutating func read(_ line: [UInt8], _ output: inout ReaderOutput) {
    let text = line[...].trimmed
    guard let first = text.first, first != UInt8(ascii: "#") else { return }
    if text.last == UInt8(ascii: "{") {
      begin(text.dropLast().trimmed, &output)
    } else if first == UInt8(ascii: "}") {
      end(&output)
    } else if skipDepth == 0, block != nil {
      let statement = Self.statement(text)
      if block?.take(statement) == false {
        block?.flaw = "statement \(shown(statement)) cannot be read"
      }
    }
  }

  /// A statement without its semicolon and what follows that: a comment, as behind an epoch time.
  private static func statement(_ text: Octets) -> Octets {
    guard let end = text.lastIndex(of: UInt8(ascii: ";")) else { return text }
    // A comment may have semicolons of its own, a string may have a number sign: only times have both.
    if let (before, _) = text.cut(at: UInt8(ascii: ";")), before.contains(epochMark) {
      return before
    }
    return text[..<end]
  }

  private static let epochMark = Array(" epoch ".utf8)

  private mutating func begin(_ head: Octets, _ output: inout ReaderOutput) {
    guard block != nil else {
      block = LeaseBlock(head, keyName: keyName)
      blockLine = output.currentLine
      skipDepth = block == nil ? skipDepth + 1 : 0
      return
    }
    if skipDepth > 0 || block?.beginAddress(head) == false { skipDepth += 1 }
  }

  private mutating func end(_ output: inout ReaderOutput) {
    if skipDepth > 0 {
      skipDepth -= 1
      return
    }
    guard var done = block else { return }
    if done.endAddress() {
      // An address of a DHCPv6 declaration; the declaration goes on.
      tell(done, &output)
      done.clearAddress()
      block = done
      return
    }
    block = nil
    if !done.isVersion6 { tell(done, &output) }
  }

  package mutating func endFile(_ output: inout ReaderOutput) {
    if block != nil {
      output.countRow()
      output.malformed("the file ends within a lease", line: blockLine)
    }
    block = nil
    skipDepth = 0
  }

  package mutating func finish(_ output: inout ReaderOutput) { history.finish(&output) }

  private mutating func tell(_ block: LeaseBlock, _ output: inout ReaderOutput) {
    output.countRow()
    if let flaw = block.flaw { return output.malformed(flaw, line: blockLine) }
    guard let prefix = block.prefix else {
      return output.malformed("the lease's address cannot be read", line: blockLine)
    }
    // Never leased: a free address of the pool.
    guard let start = block.start, let end = block.end else { return }
    if block.isAbandoned { return history.free(prefix, from: start) }
    // Freed, and who had it is not told any more.
    guard let key = block.key else {
      if block.isActive {
        output.malformed("the lease does not have the subscriber key", line: blockLine)
      }
      return
    }
    guard SubscriberKey.isValid(key) else {
      return output.malformed("the subscriber key is empty or too long", line: blockLine)
    }
    guard start < end else { return }
    history.lease(prefix, key: key, start: start, end: end, &output)
  }
}

extension Octets {
  /// Whether the octets stand somewhere in these.
  func contains(_ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    var rest = self
    while let index = rest.firstIndex(of: first) {
      if rest[index...].starts(with: part) { return true }
      rest = rest[(index + 1)...]
    }
    return false
  }
}
