/// One entry of a master file: comments and parentheses are gone, line breaks inside them too.
struct LogicalLine {
  /// The text; the first octet is a blank if the entry starts with one.
  var text: [UInt8]
  /// Line on which the entry starts, counted from 1.
  var line: Int
}

/// Splits a master file into entries (RFC 1035 §5.1).
///
/// libldns has a reader for files too, but it counts comment lines to the record behind them, takes
/// a file that ends inside parentheses, and cannot include files; so only the records themselves
/// are left to it.
struct LogicalLines {
  /// Longest entry, in octets: rdata of 65,535 octets is never needed and libldns stops there too.
  static let maximumOctets = 65_000

  private let octets: [UInt8]
  private var position = 0
  private var line = 1

  init(_ octets: [UInt8]) {
    self.octets = octets
  }

  /// The next entry that is not empty, nil at the end.
  ///
  /// - Throws: what is wrong with the entry; the next call goes on behind the line at fault.
  mutating func next() throws(MasterFileFault) -> LogicalLine? {
    while position < octets.count {
      let entry = try readEntry()
      if entry.text.contains(where: { !Self.isBlank($0) }) { return entry }
    }
    return nil
  }

  private mutating func readEntry() throws(MasterFileFault) -> LogicalLine {
    var entry = LogicalLine(text: [], line: line)
    var depth = 0
    var sawText = false
    while position < octets.count {
      let octet = octets[position]
      if !sawText, !Self.isBlank(octet) {
        // Blank lines and comments before the text do not count.
        entry.line = line
        sawText = true
      }
      switch octet {
      case UInt8(ascii: "\n"):
        advanceLine()
        if depth == 0 { return entry }
        entry.text.append(UInt8(ascii: " "))
      case UInt8(ascii: ";"):
        skipComment()
      case UInt8(ascii: "("), UInt8(ascii: ")"):
        depth += octet == UInt8(ascii: "(") ? 1 : -1
        guard depth >= 0 else {
          throw fault("')' without '('", "remove it or open the parenthesis before")
        }
        entry.text.append(UInt8(ascii: " "))
        position += 1
      case UInt8(ascii: "\""):
        try copyQuoted(into: &entry.text)
      case UInt8(ascii: "\\"):
        try copyEscape(into: &entry.text)
      default:
        try copy(octet, into: &entry.text)
      }
      guard entry.text.count <= Self.maximumOctets else {
        throw fault("entry longer than \(Self.maximumOctets) octets", "split it")
      }
    }
    guard depth == 0 else {
      throw MasterFileFault(
        line: entry.line, problem: "'(' is never closed", advice: "add the missing ')'")
    }
    return entry
  }

  private mutating func copy(_ octet: UInt8, into text: inout [UInt8]) throws(MasterFileFault) {
    guard octet != 0 else {
      throw fault("binary data", "a master file is text (RFC 1035 §5)")
    }
    text.append(octet == UInt8(ascii: "\r") ? UInt8(ascii: " ") : octet)
    position += 1
  }

  private mutating func copyQuoted(into text: inout [UInt8]) throws(MasterFileFault) {
    text.append(octets[position])
    position += 1
    while position < octets.count, octets[position] != UInt8(ascii: "\n") {
      let octet = octets[position]
      if octet == UInt8(ascii: "\\") {
        try copyEscape(into: &text)
        continue
      }
      try copy(octet, into: &text)
      if octet == UInt8(ascii: "\"") { return }
    }
    throw fault("quoted text is not closed on its line", "add the missing '\"'")
  }

  private mutating func copyEscape(into text: inout [UInt8]) throws(MasterFileFault) {
    text.append(octets[position])
    position += 1
    guard position < octets.count, octets[position] != UInt8(ascii: "\n") else {
      throw fault("'\\' at the end of a line", "write the octet it stands for behind it")
    }
    try copy(octets[position], into: &text)
  }

  private mutating func skipComment() {
    while position < octets.count, octets[position] != UInt8(ascii: "\n") { position += 1 }
  }

  private mutating func advanceLine() {
    position += 1
    line += 1
  }

  /// Describes a fault on the present line and moves on behind that line.
  private mutating func fault(_ problem: String, _ advice: String) -> MasterFileFault {
    let fault = MasterFileFault(line: line, problem: problem, advice: advice)
    skipComment()
    if position < octets.count { advanceLine() }
    return fault
  }

  /// Whether the octet separates fields.
  static func isBlank(_ octet: UInt8) -> Bool {
    octet == UInt8(ascii: " ") || octet == UInt8(ascii: "\t")
  }
}
