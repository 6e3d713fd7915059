package import DNSWire
package import ResponsePolicy
import ZoneRecords
import Zones

/// Reads a policy zone from a master file as it streams in, without keeping it.
///
/// Lines such as `name CNAME .` and `*.name 300 IN CNAME rpz-passthru.` are read octet by octet;
/// everything else goes through the general parser, one entry at a time. A faulty entry is counted
/// and left out.
package struct PolicyFileParser {
  private var splitter = EntrySplitter()
  private var entries: EntryReader

  /// Starts a file of the zone `apex`; relative names are relative to it until `$ORIGIN` changes
  /// that.
  ///
  /// - Parameters:
  ///   - key: as for `PolicyRulesBuilder`.
  ///   - isProtected: as for `PolicyRulesBuilder`.
  package init(apex: Name, key: SipHash.Key, isProtected: PolicyRulesBuilder.Guard?) {
    entries = EntryReader(
      builder: PolicyRulesBuilder(apex: apex, key: key, isProtected: isProtected))
  }

  /// Takes the next octets of the file.
  package mutating func push(_ chunk: [UInt8]) {
    splitter.push(chunk) { entries.take($0, $1) }
  }

  /// Ends the file.
  package consuming func finish() -> PolicyRules {
    splitter.finish { entries.take($0, $1) }
    return entries.builder.finish()
  }
}

/// Turns entries into rules.
private struct EntryReader {
  var builder: PolicyRulesBuilder
  private let general = EntryParser()
  private var state: EntryState
  private let apex: [UInt8]
  /// Whether names without a final dot are relative to the apex.
  private var isOriginApex = true
  /// The owner of the last plain line, in text, for lines that start with a blank.
  private var owner: [UInt8] = []
  private var isOwnerPlain = false
  private var name: [UInt8] = []

  init(builder: PolicyRulesBuilder) {
    self.builder = builder
    state = EntryState(origin: builder.apex)
    apex = builder.apex.canonical
  }

  mutating func take(_ shape: EntrySplitter.Shape, _ text: Span<UInt8>) {
    switch shape {
    case .plain:
      if !takePlain(text) { takeGeneral(text) }
    case .special: takeGeneral(text)
    case .tooLong: builder.skip(.tooLong, "an entry of more than 65,000 octets")
    }
  }

  // MARK: - The short way

  /// Reads `owner [TTL] [IN] CNAME action`; false for anything else.
  private mutating func takePlain(_ text: Span<UInt8>) -> Bool {
    guard isOriginApex || text[text.count - 1] == UInt8(ascii: "."), text[0] > 0x20 else {
      return false
    }
    let ownerEnd = Self.fieldEnd(text, 0)
    var start = Self.nextField(text, ownerEnd)
    var end = Self.fieldEnd(text, start)
    while start < text.count, Self.isNumber(text, start, end) || Self.isIN(text, start, end) {
      start = Self.nextField(text, end)
      end = Self.fieldEnd(text, start)
    }
    guard Self.isCNAME(text, start, end) else { return false }
    start = Self.nextField(text, end)
    end = Self.fieldEnd(text, start)
    guard end == text.count, let rule = Self.action(text, start, end),
      readName(text, ownerEnd)
    else { return false }
    builder.add(relative: name, rule)
    owner.removeAll(keepingCapacity: true)
    for index in 0..<ownerEnd { owner.append(text[index]) }
    isOwnerPlain = true
    return true
  }

  private static func nextField(_ text: Span<UInt8>, _ from: Int) -> Int {
    var at = from
    while at < text.count, text[at] <= 0x20 { at += 1 }
    return at
  }

  private static func fieldEnd(_ text: Span<UInt8>, _ from: Int) -> Int {
    var at = from
    while at < text.count, text[at] > 0x20 { at += 1 }
    return at
  }

  private static func isNumber(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard start < end, end - start <= 9 else { return false }
    for index in start..<end where text[index] &- 0x30 > 9 { return false }
    return true
  }

  private static func isIN(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    end - start == 2 && text[start] | 0x20 == UInt8(ascii: "i")
      && text[start + 1] | 0x20 == UInt8(ascii: "n")
  }

  private static func isCNAME(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    end - start == 5 && text[start] | 0x20 == UInt8(ascii: "c")
      && text[start + 1] | 0x20 == UInt8(ascii: "n")
      && text[start + 2] | 0x20 == UInt8(ascii: "a")
      && text[start + 3] | 0x20 == UInt8(ascii: "m")
      && text[start + 4] | 0x20 == UInt8(ascii: "e")
  }

  private static func action(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> PolicyRule? {
    switch end - start {
    case 1 where text[start] == UInt8(ascii: "."): .nxdomain
    case 2 where text[start] == UInt8(ascii: "*") && text[start + 1] == UInt8(ascii: "."): .nodata
    case 13 where isEqual(text, start, passthru): .passthru
    case 9 where isEqual(text, start, drop): .drop
    case 13 where isEqual(text, start, tcpOnly): .tcpOnly
    default: nil
    }
  }

  private static let passthru = Array("rpz-passthru.".utf8)
  private static let drop = Array("rpz-drop.".utf8)
  private static let tcpOnly = Array("rpz-tcp-only.".utf8)

  private static func isEqual(_ text: Span<UInt8>, _ start: Int, _ word: [UInt8]) -> Bool {
    for index in word.indices where text[start + index].asciiLowercased != word[index] {
      return false
    }
    return true
  }

  /// Puts the owner, relative to the apex, into `name`; false when the general parser must decide.
  private mutating func readName(_ text: Span<UInt8>, _ end: Int) -> Bool {
    name.removeAll(keepingCapacity: true)
    name.append(0)
    var lengthAt = 0
    for index in 0..<end {
      let octet = text[index]
      if octet == UInt8(ascii: ".") {
        guard name.count - lengthAt > 1 else { return false }
        name[lengthAt] = UInt8(truncatingIfNeeded: name.count - lengthAt - 1)
        guard name[lengthAt] <= 63, name.count < 254 else { return false }
        lengthAt = name.count
        name.append(0)
      } else {
        // "@" alone is the origin; octets beyond ASCII are the general parser's to refuse.
        guard octet < 0x7F, octet != UInt8(ascii: "@"), name.count - lengthAt <= 63 else {
          return false
        }
        name.append(octet.asciiLowercased)
      }
    }
    if text[end - 1] == UInt8(ascii: ".") { return cutApex() }
    guard isOriginApex else { return false }
    name[lengthAt] = UInt8(truncatingIfNeeded: name.count - lengthAt - 1)
    name.append(0)
    // With the apex behind it, the name must still be one.
    return name.count + apex.count - 1 <= Limits.nameOctets
  }

  /// An absolute name must end with the apex, which is cut off.
  private mutating func cutApex() -> Bool {
    let start = name.count - apex.count
    guard start > 0, name[start...].elementsEqual(apex) else { return false }
    var at = 0
    while at < start { at += Int(name[at]) + 1 }
    guard at == start else { return false }
    name.removeSubrange(start...)
    name.append(0)
    return true
  }

  // MARK: - The general way

  private mutating func takeGeneral(_ text: Span<UInt8>) {
    if isOwnerPlain {
      isOwnerPlain = false
      state.previous = ownerName()
    }
    do throws(EntryProblem) {
      let octets = text.indices.map { text[$0] }
      let record = try general.parse(octets, &state)
      isOriginApex = state.origin == builder.apex
      guard let record else { return }
      builder.add(
        owner: record.owner.span, type: record.type, ttl: record.ttl, data: record.rdata.span)
    } catch {
      switch error {
      case .notInternet: builder.skip(.notInternet, Self.quoted(text))
      case .tooLong: builder.skip(.tooLong, Self.quoted(text))
      case .syntax(let problem): builder.skip(.syntax, "\(Self.quoted(text)): \(problem)")
      }
    }
  }

  private func ownerName() -> Name? {
    let isAbsolute = owner.last == UInt8(ascii: ".")
    guard let name = try? Name(String(decoding: owner, as: UTF8.self)) else { return nil }
    return isAbsolute ? name : try? Name(wire: name.wire.dropLast() + state.origin.wire)
  }

  /// The start of an entry for a message: printable and short whatever it holds.
  private static func quoted(_ text: Span<UInt8>) -> String {
    var result = "'"
    for index in 0..<min(text.count, 60) {
      let octet = text[index]
      result += (0x20...0x7E).contains(octet) ? String(UnicodeScalar(octet)) : " "
    }
    return result + (text.count > 60 ? "…'" : "'")
  }
}
