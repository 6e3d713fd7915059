import Addressing

/// Reads the lease files of Kea's memfile backend, of DHCPv4 and DHCPv6, by the names in their header.
///
/// Kea appends a row for each change, so a file is a history until its clean-up (LFC) keeps the last row
/// of each lease. A lease began `valid_lifetime` before it expires. Rows with lifetime 0 say that a
/// lease was deleted, but not when: the lease then lasts until somebody else has the address, at most
/// as long as it was given for.
package struct KeaLeases: SourceReader {
  private static let columns = [
    "address", "valid_lifetime", "expire", "state", "lease_type", "prefix_len", "user_context",
  ]
  private static let required = ["address", "valid_lifetime", "expire"]
  private static let keyColumn = columns.count

  /// States of a lease (Kea's `Lease::STATE_…`).
  private enum State: Int64 {
    case assigned = 0
    case declined = 1
    case reclaimed = 2
    case released = 3
    case registered = 4
  }

  private var table: HeaderedTable
  private var history = LeaseHistory()
  /// Name of a value in the relay's information (option 82) instead of a column.
  private let relayKey: String?

  /// Makes a reader; the key is column `defaultKey` unless another is named, or one of `circuit-id`
  /// and `remote-id` of the relay's information, when Kea stores it (`store-extended-info`).
  package init(defaultKey: String, _ options: ReaderOptions = ReaderOptions()) {
    let key = options.key ?? defaultKey
    relayKey = ["circuit-id", "remote-id"].contains(key) ? key : nil
    let column = relayKey == nil ? key : "user_context"
    // Kea quotes nothing: commas inside fields are written as &#x2c.
    table = HeaderedTable(
      Self.columns + [column], required: Self.required + [column], honoursQuotes: false)
  }

  package mutating func beginFile(_ output: inout ReaderOutput) { table.beginFile() }

  package mutating func read(_ line: [UInt8], _ output: inout ReaderOutput) {
    switch table.read(line) {
    case .nothing: return
    case .flaw(let what):
      output.countRow()
      output.malformed(what)
    case .fields:
      output.countRow()
      readRow(&output)
    }
  }

  package mutating func finish(_ output: inout ReaderOutput) { history.finish(&output) }

  private mutating func readRow(_ output: inout ReaderOutput) {
    guard let prefix = leased else { return output.malformed("address or prefix_len is wrong") }
    guard let lifetime = table[1]?.decimal, lifetime <= UInt32.max,
      let expire = table[2]?.decimal, expire < 1 << 40
    else { return output.malformed("valid_lifetime or expire is no number of seconds") }
    guard let state = (table[3] ?? [0x30]).decimal.flatMap(State.init(rawValue:)) else {
      return output.malformed("state \(shown(table[3] ?? [])) is unknown")
    }
    let unit = InstantText.microseconds
    // 0xffffffff is for ever (RFC 2131 §3.3).
    let end = lifetime == UInt32.max ? Int64.max : expire * unit
    let start = (lifetime == UInt32.max ? expire : expire - lifetime) * unit
    switch state {
    case .declined:
      // The address is used by somebody the server knows nothing of.
      history.free(prefix, from: start)
    case .assigned, .reclaimed, .released, .registered:
      guard lifetime > 0 else { return }
      guard let key, SubscriberKey.isValid(key) else {
        return output.malformed("the subscriber key is empty, too long or has control characters")
      }
      history.lease(prefix, key: key, start: start, end: end, &output)
    }
  }

  /// The address, or the prefix of a delegation (lease_type 2).
  private var leased: IPPrefix? {
    guard let address = table[0]?.address else { return nil }
    guard let type = table[4] else { return IPPrefix(address: address, length: 128) }
    // 0 and 1 are addresses (IA_NA, IA_TA); newer versions write names.
    guard type == [0x32] || type.isWord("ia_pd") else {
      return IPPrefix(address: address, length: 128)
    }
    guard let length = table[5]?.decimal, (1...128).contains(length), !address.isIPv4 else {
      return nil
    }
    return IPPrefix(address: address, length: Int(length))
  }

  private var key: Octets? {
    guard let field = table[Self.keyColumn] else { return nil }
    let plain = Self.unescaped(field)
    guard let relayKey else { return plain }
    return RelayInformation.value(relayKey, in: plain)
  }

  /// `&#x2c` (with or without `;`) stands for a comma: Kea's way to keep it out of the separators.
  private static func unescaped(_ field: Octets) -> Octets {
    let mark = Array("&#x".utf8)
    guard field.contains(mark[0]) else { return field }
    var plain: [UInt8] = []
    var rest = field
    while let octet = rest.first {
      if rest.starts(with: mark), rest.count >= 5,
        let value = UInt8(rest.dropFirst(3).prefix(2).text, radix: 16)
      {
        plain.append(value)
        rest = rest.dropFirst(5)
        if rest.first == UInt8(ascii: ";") { rest = rest.dropFirst() }
      } else {
        plain.append(octet)
        rest = rest.dropFirst()
      }
    }
    return plain[...]
  }
}

/// Finds a value of the relay's information (RFC 3046) in the JSON of Kea's user context:
/// `"relay-agent-info": { "sub-options": "0x01…", … }`, with circuit-id and remote-id as hex.
enum RelayInformation {
  /// Sub-option codes (RFC 3046 §2.0).
  private static let codes: [String: UInt8] = ["circuit-id": 1, "remote-id": 2]

  /// The value as text when it is printable, else as hex; nil when it is not there.
  static func value(_ name: String, in json: Octets) -> Octets? {
    let text = json.text
    let raw = quoted(after: "\"\(name)\"", in: text) ?? subOption(name, in: text)
    guard let octets = raw.flatMap(hex) ?? nil else { return nil }
    guard octets.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      return Array(("0x" + octets.map(pair).joined()).utf8)[...]
    }
    return octets[...]
  }

  private static func pair(_ octet: UInt8) -> String {
    (octet < 16 ? "0" : "") + String(octet, radix: 16)
  }

  /// The string behind a name.
  private static func quoted(after name: String, in text: String) -> String? {
    let parts = text.split(separator: name, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let fields = parts[1].split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3, fields[0].allSatisfy({ $0 == ":" || $0 == " " }) else { return nil }
    return String(fields[1])
  }

  /// Looks the sub-option up in the whole option, as Kea 2.2 stores it.
  private static func subOption(_ name: String, in text: String) -> String? {
    guard let code = codes[name],
      let whole = quoted(after: "\"sub-options\"", in: text)
        ?? quoted(after: "\"relay-agent-info\"", in: text), let octets = hex(whole)
    else { return nil }
    var rest = octets[...]
    while rest.count >= 2 {
      let head = rest.prefix(2)
      let length = Int(head[head.startIndex + 1])
      let value = rest.dropFirst(2).prefix(length)
      guard value.count == length else { return nil }
      if head.first == code { return "0x" + value.map(pair).joined() }
      rest = rest.dropFirst(2 + length)
    }
    return nil
  }

  private static func hex(_ text: String) -> [UInt8]? {
    let digits = Array((text.hasPrefix("0x") ? text.dropFirst(2) : text[...]).utf8)
    guard digits.count % 2 == 0, !digits.isEmpty else { return nil }
    var octets: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard digits[index] != 0x2B, digits[index] != 0x2D,
        let octet = UInt8(digits[index...(index + 1)].text, radix: 16)
      else { return nil }
      octets.append(octet)
    }
    return octets
  }
}
